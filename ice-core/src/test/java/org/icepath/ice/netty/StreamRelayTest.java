// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.await;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.TransportType;
import org.icepath.connection.ConnectionSettings;
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

/** RFC 8656 §3.1: the relayed address is one for datagrams, whatever the transport to the server is. */
@Timeout(120)
class StreamRelayTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final StreamServer server = new StreamServer();

    @AfterEach
    void close() {
        runtime.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aTurnServerOverAStreamGivesARelayedCandidateAndNoReflexiveOne(Transport transport) throws Exception {
        try (IceSession session = runtime.open(server.audioOver(transport))) {
            IceDescription description = await(session.offer());

            List<Candidate> candidates = description.streams().get(0).candidates();
            assertThat(candidates)
                    .extracting(Candidate::type)
                    .containsExactly(CandidateType.HOST, CandidateType.RELAYED);
            assertThat(candidates.get(1).transport()).isEqualTo(TransportType.UDP);
        }
        Eventually.holds(() -> server.edge().events().stream().anyMatch(EdgeEvent.Released.class::isInstance));
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aCallOverTheRelayAloneCarriesMediaBothWaysOverAChannel(Transport transport) throws Exception {
        try (Call call = Call.connect(runtime, server.audioOver(transport).relayOnly())) {
            BlockingQueue<ByteBuffer> heard = call.echoes();
            NettyIcePath alices = call.alicesPath(1);
            Eventually.holds(alices::usesChannel);
            Eventually.holds(() -> call.bobsPath(1).usesChannel());

            alices.send(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3, 4})); // of a length that is padded

            assertThat(heard.poll(30, SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3, 4}));
            assertThat(alices.statistics().relayed()).isTrue();
        }
    }

    @Test
    void aTurnServerThatIsNotTrustedIsSaidInTheReport() throws Exception {
        IceConfig config = server.audioOver(Transport.TLS).connections(ConnectionSettings.create());
        try (IceSession session = runtime.open(config)) {
            await(session.offer());

            Eventually.holds(() -> session.report().join().text().contains("unable to find valid certification"));
        }
    }
}
