// SPDX-License-Identifier: Apache-2.0
/** Tests of the packets beside STUN messages. */
@NullMarked
package org.icepath.turn.wire;

import org.jspecify.annotations.NullMarked;
