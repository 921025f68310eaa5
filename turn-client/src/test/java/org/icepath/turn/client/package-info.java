// SPDX-License-Identifier: Apache-2.0
/** Tests of the TURN client on real loopback sockets. */
@NullMarked
package org.icepath.turn.client;

import org.jspecify.annotations.NullMarked;
