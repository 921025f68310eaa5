// SPDX-License-Identifier: Apache-2.0
/** Tests of NAT behaviour discovery on real sockets. */
@NullMarked
package org.icepath.turn.nat.client;

import org.jspecify.annotations.NullMarked;
