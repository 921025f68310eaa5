// SPDX-License-Identifier: Apache-2.0
/** When credentials are asked for and renewed. */
@NullMarked
package org.icepath.turn.mras.client;

import org.jspecify.annotations.NullMarked;
