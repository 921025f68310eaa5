// SPDX-License-Identifier: Apache-2.0
/** Tests of the TURN client in virtual time. */
@NullMarked
package org.icepath.turn;

import org.jspecify.annotations.NullMarked;
