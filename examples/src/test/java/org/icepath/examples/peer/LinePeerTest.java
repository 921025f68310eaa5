// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceRuntime;
import org.icepath.sdp.SdpDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The line protocol, two peers on the loopback interface. */
class LinePeerTest {

    private static final String DATA = Base64.getEncoder().encodeToString(new byte[] {5, 6, 7});

    private final IceRuntime runtime = Icepath.start();
    private final Lines left = new Lines();
    private final Lines right = new Lines();

    @AfterEach
    void closeTheRuntime() {
        runtime.close();
    }

    @Test
    void twoPeersConnectAndDataCrosses() throws Exception {
        LinePeer controlling = peer(IceRole.CONTROLLING, false, left);
        LinePeer controlled = peer(IceRole.CONTROLLED, true, right);

        introduce(controlling, controlled);

        JsonNode selected = left.next("selected");
        assertThat(selected.path("local").asText()).startsWith("candidate:").contains("typ host");
        assertThat(selected.path("component").asInt()).isEqualTo(1);
        awaitState(left, "completed");
        awaitState(right, "completed");
        assertThat(controlling.handle("{\"cmd\":\"send\",\"component\":1,\"data\":\"" + DATA + "\"}"))
                .isTrue();
        assertThat(right.next("data").path("data").asText()).isEqualTo(DATA);
        // the other side was told to echo
        assertThat(left.next("data").path("data").asText()).isEqualTo(DATA);
        controlling.handle("{\"cmd\":\"stats\"}");
        JsonNode component = left.next("stats").path("components").path(0);
        assertThat(component.path("packetsSent").asInt()).isEqualTo(1);
        assertThat(component.path("packetsReceived").asInt()).isEqualTo(1);
    }

    // RFC 8445 §9: both sides' credentials are new, and media goes over the pair of the new generation
    @Test
    void aRestartIsOfferedAnsweredAndSelected() throws Exception {
        LinePeer controlling = peer(IceRole.CONTROLLING, false, left);
        LinePeer controlled = peer(IceRole.CONTROLLED, true, right);
        introduce(controlling, controlled);
        awaitState(left, "completed");
        awaitState(right, "completed");

        controlled.handle("{\"cmd\":\"restart\"}");
        controlling.handle(remote(right, IceRole.CONTROLLING).toString());
        controlled.handle(remote(left, IceRole.CONTROLLED).toString());

        awaitRestart(left);
        awaitRestart(right);
    }

    private static void awaitRestart(Lines lines) throws InterruptedException {
        JsonNode selected = lines.next("selected");
        while (!selected.path("cause").asText().equals("restart")) {
            selected = lines.next("selected");
        }
    }

    @Test
    void aFlowIsCountedWhereItArrives() throws Exception {
        LinePeer controlling = peer(IceRole.CONTROLLING, false, left);
        LinePeer controlled = peer(IceRole.CONTROLLED, true, right);
        introduce(controlling, controlled);

        controlling.handle("{\"cmd\":\"flow\",\"packets\":20,\"rate\":1000}");

        assertThat(left.next("flowed").path("sent").asInt()).isEqualTo(20);
        JsonNode count = countOf(controlled, 20);
        assertThat(count.path("received").asInt()).isEqualTo(20);
        assertThat(count.path("missing").asInt()).isEqualTo(20);
        controlling.handle("{\"cmd\":\"flow\",\"packets\":0,\"rate\":1000}");
        assertThat(left.next("error").path("message").asText()).contains("packets 0");
    }

    // the last ones may still be on their way
    private JsonNode countOf(LinePeer peer, int expected) throws InterruptedException {
        JsonNode count;
        do {
            peer.handle("{\"cmd\":\"count\"}");
            count = right.next("count");
        } while (count.path("distinct").asInt() < expected);
        return count;
    }

    @Test
    void theReportIsPrintedWhenThePeerCloses() throws Exception {
        LinePeer peer = peer(IceRole.CONTROLLING, false, left);

        assertThat(peer.handle("{\"cmd\":\"close\"}")).isFalse();
        peer.close();

        assertThat(left.next("report").path("verdict").asText()).isNotBlank();
    }

    @Test
    void unknownAndMalformedCommandsGetAnErrorAndChangeNothing() throws Exception {
        LinePeer peer = peer(IceRole.CONTROLLING, false, left);

        assertThat(peer.handle("{\"cmd\":\"dance\"}")).isTrue();
        assertThat(left.next("error").path("message").asText()).contains("unknown command dance");
        assertThat(peer.handle("not json")).isTrue();
        assertThat(left.next("error").path("message").asText()).contains("not JSON");
        assertThat(peer.handle("{\"cmd\":\"send\",\"data\":\"" + DATA + "\"}")).isTrue();
        assertThat(left.next("error").path("message").asText()).contains("no remote yet");
        assertThat(peer.handle("{\"cmd\":\"remote\",\"pwd\":\"x\"}")).isTrue();
        assertThat(left.next("error").path("message").asText()).contains("remote without ufrag");
    }

    @Test
    void oneBadCandidateIsReportedAndCostsTheOthersNothing() throws Exception {
        LinePeer controlling = peer(IceRole.CONTROLLING, false, left);
        LinePeer controlled = peer(IceRole.CONTROLLED, false, right);
        ObjectNode remote = remote(left, IceRole.CONTROLLED);
        remote.withArray("candidates").insert(0, "candidate:1 1 UDP none 192.0.2.1 5000 typ host");

        controlled.handle(remote.toString());
        controlling.handle(remote(right, IceRole.CONTROLLING).toString());

        assertThat(right.next("error").path("message").asText()).contains("candidate left out");
        awaitState(right, "completed");
    }

    @Test
    void renominationIsToldAndTakenFromTheOthersLine() throws Exception {
        IceConfig config = IceConfig.create().stream(LinePeer.STREAM, 1)
                .localAddress(InetAddress.getLoopbackAddress())
                .renomination();
        PeerSettings settings = new PeerSettings(1, Optional.empty(), false, false, true, false, SdpDialect.RFC8839);
        new LinePeer(runtime.open(config), settings, new JsonLines(left.stream())).describe();

        ObjectNode line = remote(left, IceRole.CONTROLLED);

        assertThat(line.path("renomination").asBoolean()).isTrue();
        assertThat(RemoteLine.read(line, false, SdpDialect.RFC8839)
                        .description()
                        .offers(IceDescription.RENOMINATION))
                .isTrue();
        line.remove("renomination");
        assertThat(RemoteLine.read(line, true, SdpDialect.RFC8839).description().offers(IceDescription.RENOMINATION))
                .isTrue();
        assertThat(RemoteLine.read(line, false, SdpDialect.RFC8839)
                        .description()
                        .offers(IceDescription.RENOMINATION))
                .isFalse();
        assertThat(RemoteLine.read(line.put("renomination", false), true, SdpDialect.RFC8839)
                        .description()
                        .offers(IceDescription.RENOMINATION))
                .isFalse();
    }

    // RFC 8445 §6.1.1: the full one controls, and must be told that the other is lite
    @Test
    void aLitePeerSaysSoAndIsControlled() throws Exception {
        LinePeer controlling = peer(IceRole.CONTROLLING, false, left);
        LinePeer controlled = peer(config(IceRole.CONTROLLED).lite(), IceRole.CONTROLLED, true, right);
        ObjectNode remote = remote(right, IceRole.CONTROLLING);

        controlled.handle(remote(left, IceRole.CONTROLLED).toString());
        controlling.handle(remote.toString());

        assertThat(remote.path("lite").asBoolean()).isTrue();
        awaitState(left, "completed");
        awaitState(right, "completed");
    }

    private LinePeer peer(IceRole role, boolean echo, Lines lines) throws Exception {
        return peer(config(role), role, echo, lines);
    }

    private static IceConfig config(IceRole role) {
        return IceConfig.create().stream(LinePeer.STREAM, 1)
                .localAddress(InetAddress.getLoopbackAddress())
                .patience(Duration.ofSeconds(20))
                .role(role);
    }

    private LinePeer peer(IceConfig config, IceRole role, boolean echo, Lines lines) throws Exception {
        PeerSettings settings = new PeerSettings(1, Optional.of(role), false, echo, false, true, SdpDialect.RFC8839);
        LinePeer peer = new LinePeer(runtime.open(config), settings, new JsonLines(lines.stream()));
        peer.describe();
        return peer;
    }

    private void introduce(LinePeer controlling, LinePeer controlled) throws InterruptedException {
        controlled.handle(remote(left, IceRole.CONTROLLED).toString());
        controlling.handle(remote(right, IceRole.CONTROLLING).toString());
    }

    /** The {@code local} event of one side as the {@code remote} command for the other, which takes {@code role}. */
    private static ObjectNode remote(Lines lines, IceRole role) throws InterruptedException {
        JsonNode local = lines.next("local");
        ObjectNode remote = local.deepCopy();
        remote.remove("event");
        return remote.put("cmd", "remote").put("role", role.name().toLowerCase(Locale.ROOT));
    }

    private static void awaitState(Lines lines, String state) throws InterruptedException {
        lines.next(
                node -> node.path("event").asText().equals("state")
                        && node.path("state").asText().equals(state),
                "state " + state);
    }
}
