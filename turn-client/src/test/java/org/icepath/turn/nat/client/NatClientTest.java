// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.StunServer;
import org.icepath.turn.nat.LegacyNatType;
import org.icepath.turn.nat.NatEvent;
import org.icepath.turn.nat.NatReport;
import org.junit.jupiter.api.Test;

class NatClientTest {

    @Test
    void aServerOnThisMachineSeesNoNat() throws Exception {
        try (EdgeServer server = EdgeServer.start(EdgeConfig.create());
                NatClient client = NatClient.start()) {
            StunServer asked = new StunServer(
                    server.address().getHostString(), server.address().getPort(), Transport.UDP);
            List<NatEvent> events = Collections.synchronizedList(new ArrayList<>());

            NatReport report = client.discover(asked, List.of(), events::add).get(20, TimeUnit.SECONDS);

            assertThat(report.mapped()).contains(report.local());
            assertThat(report.translated()).isFalse();
            assertThat(report.legacyType()).isEqualTo(LegacyNatType.UNKNOWN); // the double has one address here
            assertThat(events).last().isEqualTo(new NatEvent.Finished(report));
        }
    }

    @Test
    void aDiscoveryThatRunsFailsWhenTheClientIsClosed() throws Exception {
        NatClient client = NatClient.start();
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            StunServer asked = new StunServer("127.0.0.1", silent.getLocalPort(), Transport.UDP);
            CompletableFuture<NatReport> report = client.discover(asked);
            silent.setSoTimeout(30_000);
            silent.receive(new DatagramPacket(new byte[200], 200)); // it runs

            client.close();

            assertThatThrownBy(() -> report.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void aNameThatNobodyHasFails() {
        try (NatClient client = NatClient.start()) {
            assertThatThrownBy(() -> client.discover(StunServer.parse("stun:nobody.invalid"))
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("nobody.invalid");
        }
    }

    // before a socket is bound for each of them
    @Test
    void silencesThatNobodyWaitsForAreRefused() {
        try (NatClient client = NatClient.start()) {
            StunServer asked = StunServer.parse("127.0.0.1");

            assertThatThrownBy(() -> client.discover(asked, List.of(Duration.ofHours(3)), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.discover(asked, Collections.nCopies(65, Duration.ZERO), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyUdpIsAsked() {
        try (NatClient client = NatClient.start()) {
            assertThatThrownBy(() -> client.discover(StunServer.parse("stuns:stun.example.net")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
