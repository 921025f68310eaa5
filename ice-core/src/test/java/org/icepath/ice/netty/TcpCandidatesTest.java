// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-reflexive and relayed TCP candidates (RFC 6544 §5.2, §5.5) on real sockets. */
@Timeout(120)
class TcpCandidatesTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final StreamServer server = new StreamServer();

    @AfterEach
    void close() {
        runtime.close();
        server.close();
    }

    private static void talk(Call call) throws Exception {
        BlockingQueue<ByteBuffer> heard = call.echoes();
        NettyIcePath alices = call.alicesPath(1);

        alices.send(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3, 4}));

        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3, 4}));
        assertThat(alices.statistics().relayed()).isTrue();
    }

    // RFC 6062 §4.3: the relay connects to a port that we listen at
    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aRelayConnectsToAPassivePeer(Transport transport) throws Exception {
        IceConfig relayed = server.audioOver(transport).tcpOnly().relayOnly();
        IceConfig passive = audio(1).tcp(TcpType.PASSIVE).tcpOnly();
        try (Call call = Call.connect(runtime, relayed, passive)) {
            talk(call);

            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().type()).isEqualTo(CandidateType.RELAYED);
            assertThat(pair.local().transport()).isEqualTo(TransportType.TCP_ACTIVE);
        }
        Eventually.holds(() -> server.edge().events().stream().anyMatch(EdgeEvent.Released.class::isInstance));
    }

    // RFC 6062 §4.4: the peer connects to the relay
    @Test
    void anActivePeerConnectsToARelay() throws Exception {
        IceConfig relayed = server.audioOver(Transport.TCP).tcpOnly().relayOnly();
        IceConfig active = audio(1).tcp(TcpType.ACTIVE).tcpOnly();
        try (Call call = Call.connect(runtime, relayed, active)) {
            talk(call);

            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().type()).isEqualTo(CandidateType.RELAYED);
            assertThat(pair.local().transport()).isEqualTo(TransportType.TCP_PASSIVE);
        }
    }

    @Test
    void twoRelaysConnectToEachOther() throws Exception {
        try (Call call =
                Call.connect(runtime, server.audioOver(Transport.TCP).tcpOnly().relayOnly())) {
            talk(call);
        }
        Eventually.holds(() -> server.edge().events().stream()
                        .filter(EdgeEvent.Released.class::isInstance)
                        .count()
                == 2);
    }

    private static EventLoopGroup group(String transport) {
        return new MultiThreadIoEventLoopGroup(
                1, transport.equals("nio") ? NioIoHandler.newFactory() : EpollIoHandler.newFactory());
    }

    // Connections to the server leave from the very port that accepts: it sees the host candidate's address and port.
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void serversAreAskedFromThePortThatAccepts(String transport) throws Exception {
        server.edge().listen(Transport.TCP, server.edge().address().getPort());
        EventLoopGroup loops = group(transport);
        try (IceRuntime own = NettyIceRuntime.start(loops);
                IceSession session = own.open(audio(1).tcp(TcpType.PASSIVE, TcpType.SIMULTANEOUS_OPEN)
                        .tcpOnly()
                        .gatherDeadline(Duration.ofSeconds(20)) // it answers, though the machine may stand still
                        .stunServer("127.0.0.1:" + server.edge().address().getPort()))) {
            List<Candidate> candidates = await(session.offer()).streams().get(0).candidates();

            Stream<EdgeEvent> bound = server.edge().events().stream().filter(EdgeEvent.Bound.class::isInstance);
            assertThat(bound.map(each -> each.client().getPort()))
                    .containsExactlyInAnyOrderElementsOf(candidates.stream()
                            .map(each -> each.address().port())
                            .toList());
            assertThat(session.report().join().text()).contains("there is no NAT on the way to the server");
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
