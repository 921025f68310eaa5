// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/**
 * A port on the inside of a router behind which a server outside is reached.
 *
 * @param channel its socket
 * @param inside where the phone writes to
 * @param server where it goes
 */
record Gateway(Router router, DatagramChannel channel, InetSocketAddress inside, InetSocketAddress server) {}
