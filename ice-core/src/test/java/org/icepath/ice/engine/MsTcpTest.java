// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TCP pairs of MS-ICE2 in virtual time. */
class MsTcpTest {

    private static final Duration SIGNALLING = Duration.ofMillis(50);

    private final VirtualNetwork net = new VirtualNetwork(6544);

    private static IceConfig config(IceProfile profile, int components) {
        return IceConfig.create().profile(profile).tcpOnly().stream(
                "audio", IntStream.rangeClosed(1, components).toArray());
    }

    private VirtualCall call(VirtualHost alice, IceConfig alices, VirtualHost bob, IceConfig bobs) {
        return VirtualCall.start(
                        net, new VirtualPhone(net, alice, alices), new VirtualPhone(net, bob, bobs), SIGNALLING)
                .offeringByHand();
    }

    private VirtualHost host(String name, String address) {
        return net.internet().host(name, address);
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(MsProfiles.ICE2, MsProfiles.ICE2, 1),
                Arguments.of(MsProfiles.ICE2, MsProfiles.ICE2, 2),
                Arguments.of(IceProfile.auto(), MsProfiles.ICE2, 1),
                Arguments.of(MsProfiles.ICE2, IceProfile.auto(), 2));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aCallOverTcpAloneLosesNothingAndEndsWithAFinalExchange(IceProfile caller, IceProfile callee, int components) {
        VirtualCall call = call(
                host("alice", "192.0.2.1"),
                config(caller, components),
                host("bob", "192.0.2.2"),
                config(callee, components));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        net.runFor(Duration.ofSeconds(1));

        exchangeFinally(call, components);
        net.runFor(Duration.ofMinutes(2));
        there.stop();
        back.stop();
        net.runFor(Duration.ofSeconds(2));

        assertThat(there.sent()).isGreaterThan(5_900);
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    private static void exchangeFinally(VirtualCall call, int components) {
        VirtualPhone alice = call.caller();
        VirtualPhone bob = call.callee();
        IceDescription offer = alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
        IceDescription answer = bob.perform(now -> bob.engine().signalling().answer(now, call.calleePeer(), offer));
        alice.perform(now -> {
            alice.engine().signalling().update(now, call.callerPeer(), answer);
            return answer;
        });
        for (IceDescription description : List.of(offer, answer)) {
            StreamDescription audio = description.streams().get(0);
            assertThat(audio.candidates())
                    .hasSize(components)
                    .allMatch(candidate -> candidate.transport().isTcp());
            assertThat(audio.remoteCandidates())
                    .extracting(RemoteCandidate::component)
                    .hasSize(components);
        }
    }

    @Test
    void candidatesHaveTheTokensAndPrioritiesOfTheDialect() {
        VirtualCall call = call(
                host("alice", "192.0.2.1"),
                config(MsProfiles.ICE2, 1),
                host("bob", "192.0.2.2"),
                config(MsProfiles.ICE2, 1));
        net.runFor(Duration.ofSeconds(1));

        String sdp = IceSdp.format(call.caller().describe(), MsProfiles.ICE2.sdp(), 1, 1);

        // 126, transport 6, direction 5 and 2, 511 and 509
        assertThat(sdp)
                .contains("a=candidate:1 1 TCP-ACT " + priority(5, 511) + " 192.0.2.1 9 typ host\r\n")
                .containsPattern("a=candidate:2 1 TCP-PASS " + priority(2, 509) + " 192\\.0\\.2\\.1 \\d+ typ host\r\n")
                .doesNotContain("tcptype");
    }

    private static long priority(int direction, int other) {
        return 126L << 24 | (6 << 12 | direction << 9 | other) << 8 | 255;
    }

    // From behind a NAT that maps by destination only the inner side can open the connection
    @Test
    void anActiveSideBehindANatReachesAPassiveOne() {
        VirtualHost inside = net.internet()
                .nat("home", "203.0.113.7", NatBehaviour.SYMMETRIC)
                .inside()
                .host("in", "192.168.1.10");
        VirtualCall call =
                call(inside, config(MsProfiles.ICE2, 1), host("out", "192.0.2.2"), config(MsProfiles.ICE2, 1));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        exchangeFinally(call, 1);
        assertThat(call.caller().describe().streams().get(0).candidates(Candidate.RTP))
                .isNotEmpty();
    }

    // Both components of a TCP candidate have one port in this
    // family (seen): RTCP goes with RTP, whatever was agreed for UDP
    @Test
    void rtcpGoesWithRtpWhereTheCandidatesOfBothHaveOneAddress() {
        VirtualPhone alice = new VirtualPhone(net, host("alice", "192.0.2.1"), config(MsProfiles.ICE2, 2)).gather();
        VirtualPhone bob = new VirtualPhone(net, host("bob", "192.0.2.2"), config(MsProfiles.ICE2, 2)).gather();
        net.runFor(Duration.ofSeconds(1));

        int alices = bob.accept(onOnePort(alice.describe()), IceRole.CONTROLLED);
        int bobs = alice.accept(onOnePort(bob.describe()), IceRole.CONTROLLING);
        net.runFor(Duration.ofSeconds(5));

        assertThat(alice.report(bobs).text()).contains("alice: COMPLETED");
        assertThat(bob.report(alices).text()).contains("bob: COMPLETED");
        ByteBuffer report = ByteBuffer.allocate(8).put(0, (byte) 0x80).put(1, (byte) 200);
        assertThat(alice.send(bobs, 0, Candidate.RTCP, report)).isTrue();
        assertThat(bob.send(alices, 0, Candidate.RTCP, report)).isTrue();
        net.runFor(Duration.ofSeconds(1));
        assertThat(bob.received()).singleElement().satisfies(packet -> assertThat(packet.component())
                .isEqualTo(Candidate.RTCP));
        assertThat(alice.received()).singleElement().satisfies(packet -> assertThat(packet.component())
                .isEqualTo(Candidate.RTCP));
    }

    private static IceDescription onOnePort(IceDescription description) {
        List<String> lines = new ArrayList<>(List.of(IceSdp.format(description).split("\r\n")));
        lines.removeIf(line -> line.startsWith("a=rtcp:")); // it names the port that is replaced
        for (int i = 0; i < lines.size(); i++) {
            String[] rtcp = lines.get(i).split(" ");
            if (rtcp.length > 5 && rtcp[0].startsWith("a=candidate:") && rtcp[1].equals("2")) {
                rtcp[5] = portOfRtp(lines, rtcp[0]);
                lines.set(i, String.join(" ", rtcp));
            }
        }
        return IceSdp.parse(String.join("\r\n", lines)).description();
    }

    private static String portOfRtp(List<String> lines, String foundation) {
        return lines.stream()
                .filter(line -> line.startsWith(foundation + " 1 "))
                .findFirst()
                .orElseThrow()
                .split(" ")[5];
    }
}
