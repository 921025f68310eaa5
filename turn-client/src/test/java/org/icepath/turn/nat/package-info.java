// SPDX-License-Identifier: Apache-2.0
/** Tests of NAT behaviour discovery, in virtual time. */
@NullMarked
package org.icepath.turn.nat;

import org.jspecify.annotations.NullMarked;
