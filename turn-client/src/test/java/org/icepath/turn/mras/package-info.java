// SPDX-License-Identifier: Apache-2.0
/** Bodies of a media relay authentication service, right, wrong and hostile. */
@NullMarked
package org.icepath.turn.mras;

import org.jspecify.annotations.NullMarked;
