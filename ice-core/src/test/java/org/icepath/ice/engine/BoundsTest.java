// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.sdp.IceSdp;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeEvent;
import org.junit.jupiter.api.Test;

/** What others may make a session's relays and reports grow to. */
class BoundsTest {

    private static final int CANDIDATES = 20;

    private final CallScene scene = new CallScene(64);

    /** The answer of a fork with twenty candidates at addresses of its own. */
    private static IceDescription answer(int fork) {
        StringBuilder answer = new StringBuilder("v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:fork"
                + fork + "\r\na=ice-pwd:aPasswordOf24Characters1\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 "
                + address(fork, 1)
                + "\r\n");
        for (int i = 1; i <= CANDIDATES; i++) {
            answer.append(
                    "a=candidate:%d 1 UDP %d %s 4000 typ host\r\n".formatted(i, 2_100_000_000 - i, address(fork, i)));
        }
        return IceSdp.parse(answer.toString()).description();
    }

    private static String address(int fork, int number) {
        int all = fork * CANDIDATES + number;
        return "203.0." + (113 + all / 250) + "." + (1 + all % 250);
    }

    private VirtualPhone alice(IceConfig config) {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        alice.gather();
        scene.network().runUntil(alice::described, Duration.ofSeconds(1));
        alice.describe();
        return alice;
    }

    // RFC 8656 §9: a permission for each address that peers name, and answers name what they like
    @Test
    void anAllocationHasNoMoreThan256Permissions() {
        VirtualPhone alice = alice(withTurn(audio()));
        List<Integer> forks = new ArrayList<>();
        for (int fork = 0; fork < 13; fork++) {
            forks.add(alice.accept(answer(fork), IceRole.CONTROLLING));
        }

        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(permitted(0)).hasSize(256);
        assertThat(alice.report(-1).text())
                .contains("lets nothing from " + address(12, 20)
                        + " through: the relay lets 256 other addresses through");

        alice.perform(now -> {
            alice.engine().signalling().closePeer(now, forks.get(0));
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(permitted(0)).as("what one fork has left is for the others").hasSize(260);
    }

    private List<InetAddress> permitted(int after) {
        return scene.server().events(EdgeEvent.Permitted.class).stream()
                .skip(after)
                .map(EdgeEvent.Permitted::peer)
                .distinct()
                .toList();
    }

    // RFC 8656 §9: a permission is not refreshed for ever for a peer who has moved on
    @Test
    void theAddressesOfFormerGenerationsAreForgotten() {
        VirtualPhone alice = alice(withTurn(audio()));
        int peer = alice.accept(answer(0), IceRole.CONTROLLED);
        for (int restart = 1; restart <= 20; restart++) {
            IceDescription offer = answer(restart);
            alice.perform(now -> alice.engine().signalling().answer(now, peer, offer));
            scene.network().runFor(Duration.ofSeconds(50));
        }
        assertThat(permitted(0)).hasSize(21 * CANDIDATES);

        scene.network().runFor(Duration.ofMinutes(1));
        int before = scene.server().events(EdgeEvent.Permitted.class).size();
        scene.network().runFor(Duration.ofMinutes(5));

        assertThat(permitted(before)).as("four generations live").hasSize(4 * CANDIDATES);
    }

    @Test
    void aServerThatLosesEachAllocationIsAskedAtABoundedRate() {
        scene.edge().faults().fail(StunMethod.REFRESH, 437, 10_000);
        VirtualPhone alice = alice(withTurn(audio()));

        scene.network().runFor(Duration.ofHours(90));

        // it says so at the refresh, after eight minutes or nine
        assertThat(scene.server().events(EdgeEvent.Allocated.class)).hasSizeBetween(500, 90 * 60 / 7);
        assertThat(alice.host().boundSockets()).isLessThanOrEqualTo(1 + 64);
    }

    // RFC 8445 §9: each offer may restart, and the generation before it lives until the new one has selected its pairs
    @Test
    void noMoreThanFourGenerationsLive() {
        VirtualPhone alice = alice(audio());
        int peer = alice.accept(answer(0), IceRole.CONTROLLED);

        for (int restart = 1; restart <= 10; restart++) {
            IceDescription offer = answer(restart);
            alice.perform(now -> alice.engine().signalling().answer(now, peer, offer));
        }

        assertThat(alice.report(-1).pairs()).hasSize(4 * CANDIDATES);
    }

    @Test
    void reportsTellOfAThousandPairsAtMost() {
        VirtualPhone alice = new VirtualPhone(
                scene.network(),
                scene.network()
                        .internet()
                        .host("alice", "198.51.100.10")
                        .attach(scene.network().internet(), "198.51.100.30"),
                audio());
        alice.gather();
        alice.describe();
        for (int fork = 0; fork < 32; fork++) {
            alice.accept(answer(fork), IceRole.CONTROLLING);
        }

        IceReport report = alice.report(-1);

        assertThat(report.pairs()).hasSize(1_000);
    }

    // the beginning is kept, and the latest
    @Test
    void timelinesTellOfFourHundredMomentsAtMost() {
        VirtualPhone alice = alice(audio());
        int peer = alice.accept(answer(0), IceRole.CONTROLLED);
        for (int restart = 1; restart <= 500; restart++) {
            IceDescription offer = answer(restart % 30);
            alice.perform(now -> alice.engine().signalling().answer(now, peer, offer));
        }

        IceReport report = alice.report(-1);

        assertThat(report.timeline()).hasSize(200 + 1 + 200);
        assertThat(report.timeline().get(200).what()).contains("moments before this one are left out");
    }

    @Test
    void reportsTellOfTheLastEightPeersThatAreClosed() {
        VirtualPhone alice = alice(audio());
        for (int fork = 0; fork < 20; fork++) {
            int peer = alice.accept(answer(fork), IceRole.CONTROLLING);
            alice.perform(now -> {
                alice.engine().signalling().closePeer(now, peer);
                return true;
            });
        }

        assertThat(alice.report(-1).verdict().split("Closed by the application", -1))
                .hasSize(1 + 8);
        assertThat(alice.report(-1).pairs()).hasSize(8 * CANDIDATES);
    }

    @Test
    void theNameThatAStrangerChecksUnderIsCutShort() {
        VirtualPhone alice = alice(audio());
        ByteBuffer check = StunWriter.into(ByteBuffer.allocate(1_000))
                .request(StunMethod.BINDING, TransactionId.next(new Random(1)))
                .put(Attributes.USERNAME, "x".repeat(400) + ":peer")
                .fingerprint()
                .finish();

        scene.network()
                .internet()
                .host("stranger", "198.51.100.66")
                .socket(5004)
                .send(alice.bases().get(0).base().address(), check);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.report(-1).findings())
                .anySatisfy(finding ->
                        assertThat(finding).contains("x".repeat(64) + "…").doesNotContain("x".repeat(65)));
    }
}
