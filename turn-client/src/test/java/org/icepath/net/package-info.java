// SPDX-License-Identifier: Apache-2.0
/** Tests of the Netty shell, on real loopback sockets. */
@NullMarked
package org.icepath.net;

import org.jspecify.annotations.NullMarked;
