// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;

/**
 * A socket that the application has bound, for one component of a session. {@link NettyIceRuntime#open(IceConfig, java.util.List)}
 * takes it over: it is read by the session alone, and closed with it.
 *
 * @param stream the stream's name in the configuration
 * @param component 1 and up
 * @param channel bound to an address that is not the wildcard; registered with an event loop of the runtime, or with none yet
 */
public record BoundSocket(String stream, int component, DatagramChannel channel) {

    public BoundSocket {
        Objects.requireNonNull(stream, "stream");
        InetSocketAddress local = Objects.requireNonNull(channel, "channel").localAddress();
        if (local == null || local.getPort() == 0 || local.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("socket on " + local + ", expected one that is bound to an address");
        }
    }

    /**
     * A socket of the JDK's, for a runtime whose event loops drive NIO.
     *
     * @param channel bound, not connected; made non-blocking
     */
    public static BoundSocket of(String stream, int component, java.nio.channels.DatagramChannel channel) {
        return new BoundSocket(stream, component, new NioDatagramChannel(channel));
    }

    /** Its stream's place in a configuration. */
    int streamIndex(IceConfig config) {
        for (int index = 0; index < config.streams().size(); index++) {
            StreamConfig known = config.streams().get(index);
            if (known.name().equals(stream) && known.components().contains(component)) {
                return index;
            }
        }
        throw new IllegalArgumentException(
                "socket for stream " + stream + ", component " + component + ", expected one of " + config.streams());
    }

    /** Whether event loops of this transport can drive it. */
    boolean runsOn(String transport) {
        return channel instanceof NioDatagramChannel == transport.equals("nio");
    }
}
