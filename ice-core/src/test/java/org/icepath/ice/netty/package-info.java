// SPDX-License-Identifier: Apache-2.0
/** Proves the shell on real sockets of the loopback interface. */
@NullMarked
package org.icepath.ice.netty;

import org.jspecify.annotations.NullMarked;
