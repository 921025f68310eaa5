// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.SendResult;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions whose only way is an Edge, over sockets. */
class MsRelayCallTest {

    private static final List<ByteBuffer> BURST = IntStream.range(0, 10)
            .mapToObj(i -> ByteBuffer.wrap(("burst " + i).getBytes(UTF_8)))
            .toList();

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final EdgeServer edge =
            EdgeServer.start(EdgeConfig.create().withMs(MsEdgeConfig.create().user("alice", "s3cret")));
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
        edge.close();
    }

    private IceConfig config(Transport transport, boolean pseudoTls) {
        MsTurn dialect = pseudoTls ? MsTurn.DEFAULT.withPseudoTls() : MsTurn.DEFAULT;
        InetSocketAddress at = transport == Transport.UDP ? edge.address() : edge.listenInMs(pseudoTls, 0);
        IceConfig audio = audio(1).profile(MsProfiles.ICE2)
                .filter(CandidateFilter.relayOnly())
                .gatherDeadline(Duration.ofSeconds(20)); // it answers, though the machine may stand still
        return (transport == Transport.UDP ? audio : audio.tcpOnly())
                .turnServer(
                        dialect.server(at.getHostString(), at.getPort(), transport, base64("alice"), base64("s3cret")));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"UDP, false", "TCP, false", "TCP, true"})
    void mediaGoesBothWaysOverTheRelaysOfAnEdge(Transport transport, boolean pseudoTls) throws Exception {
        try (Call call = Call.connect(runtime, config(transport, pseudoTls))) {
            call.alicesPath(1).onReceive(packet -> heard.add("alice " + UTF_8.decode(packet.copy())));
            call.bobsPath(1).onReceive(packet -> heard.add("bob " + UTF_8.decode(packet.copy())));
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            for (int i = 0; i < 20; i++) {
                assertThat(call.alicesPath(1).send(ByteBuffer.wrap(("to " + i).getBytes(UTF_8))))
                        .isEqualTo(SendResult.SENT);
                assertThat(heard.poll(30, SECONDS)).isEqualTo("bob to " + i);
                assertThat(call.bobsPath(1).send(ByteBuffer.wrap(("fro " + i).getBytes(UTF_8))))
                        .isEqualTo(SendResult.SENT);
                assertThat(heard.poll(30, SECONDS)).isEqualTo("alice fro " + i);
            }

            // on the event loop, where packets of a burst leave together
            call.alicesPath(1).onReceive(packet -> call.alicesPath(1).sendBurst(BURST));
            call.bobsPath(1).send(ByteBuffer.wrap("burst".getBytes(UTF_8)));
            for (int i = 0; i < BURST.size(); i++) {
                assertThat(heard.poll(30, SECONDS)).isEqualTo("bob burst " + i);
            }

            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().type()).isEqualTo(CandidateType.RELAYED);
            assertThat(pair.local().transport().isTcp()).isEqualTo(transport == Transport.TCP);
            assertThat(edge.events()).hasAtLeastOneElementOfType(EdgeEvent.DestinationSet.class);
        }
    }
}
