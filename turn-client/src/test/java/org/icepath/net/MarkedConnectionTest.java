// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Transport;
import org.icepath.turn.wire.StunFraming;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2474: the code point is in the six high bits of what the system calls type of service. */
@Timeout(120)
class MarkedConnectionTest {

    @ParameterizedTest
    @CsvSource({"TCP, 46, 184", "TLS, 34, 136", "TCP, 0, 0"})
    void whatAConnectionSendsIsMarked(Transport transport, int dscp, int typeOfService) throws Exception {
        EventLoops loops = EventLoops.start(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EventLoop loop = loops.next();
            InetSocketAddress to = (InetSocketAddress) server.getLocalSocketAddress();
            Base base = new Base(1, transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ConnectionSettings settings = ConnectionSettings.create().withDscp(dscp);
            StreamConnection connection =
                    new StreamConnection(loops, loop, base, to, StunFraming.INSTANCE, settings, new Nobody());
            loop.execute(connection::start);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                Channel channel = loop.submit(connection::channel).get(60, SECONDS);

                assertThat(Objects.requireNonNull(channel).config().getOption(ChannelOption.IP_TOS))
                        .isEqualTo(typeOfService);
            }
        } finally {
            loops.close();
        }
    }

    /** Hears of it, and does nothing. */
    private static final class Nobody implements Connection.Listener {

        @Override
        public void opened(Connection connection) {}

        @Override
        public void received(Connection connection, ByteBuffer payload) {}

        @Override
        public void writabilityChanged(Connection connection) {}

        @Override
        public void closed(Connection connection, Cause cause) {}
    }
}
