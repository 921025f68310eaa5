// SPDX-License-Identifier: Apache-2.0
/** Tests of retransmission, in virtual time. */
@NullMarked
package org.icepath.stun.transaction;

import org.jspecify.annotations.NullMarked;
