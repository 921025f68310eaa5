// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.call.MutatedMessages;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that stands, and a network that wants it down. */
class HostileNetworkTest {

    private static final int MESSAGES = 10_000;

    private final CallScene scene = new CallScene(1);
    private final VirtualPhone alice =
            scene.publicly("alice", "203.0.113.10", CallScene.withTurn(CallScene.withStun(CallScene.audio())));
    private final VirtualPhone bob =
            scene.publicly("bob", "203.0.113.11", CallScene.withTurn(CallScene.withStun(CallScene.audio())));
    private final VirtualCall call = scene.call(alice, bob);

    /** Who is attacked: the caller, who controls, or the callee. */
    private record Victim(VirtualPhone phone, int peer, VirtualPhone other) {

        Base base() {
            return phone.bases().get(0).base();
        }

        IceCredentials credentials() {
            return phone.engine().credentials();
        }

        void receive(InetSocketAddress from, ByteBuffer datagram) {
            phone.perform(now -> phone.engine().handle(now, base(), from, datagram));
        }
    }

    /** What must not change. Pairs that the attack adds and that fail are none of these. */
    private record Standing(
            IceState state, IceRole role, List<String> pairs, int pathChanges, IceDescription description) {

        static Standing of(Victim victim) {
            IceReport report = victim.phone.report(victim.peer);
            return new Standing(
                    victim.phone.state(victim.peer),
                    victim.phone.engine().signalling().role(victim.peer),
                    report.pairs().stream()
                            .filter(pair -> pair.state() == PairState.SUCCEEDED)
                            .map(pair -> pair.what() + pair.outcome().contains("in use"))
                            .sorted()
                            .toList(),
                    victim.phone.heard(IceEvent.PathChanged.class).size(),
                    victim.phone.perform(
                            now -> victim.phone.engine().signalling().describe(now, victim.peer)));
        }
    }

    private Victim standing(boolean caller) {
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        scene.network().runFor(Duration.ofSeconds(20)); // gathering ends, the reserve is known
        return caller ? new Victim(alice, call.callerPeer(), bob) : new Victim(bob, call.calleePeer(), alice);
    }

    /** Checks, answers and keepalives that the victim has received. */
    private List<byte[]> received(Victim victim) {
        return scene.network().log().deliveredTo(victim.phone.host().name()).stream()
                .map(PacketEvent::packet)
                .filter(packet -> Demux.of(packet.payload()) == PacketKind.STUN)
                .map(packet -> {
                    byte[] bytes = new byte[packet.length()];
                    packet.payload().get(bytes);
                    return bytes;
                })
                .toList();
    }

    private static InetSocketAddress anywhere(Random random) {
        return new InetSocketAddress(
                "198.18." + random.nextInt(256) + "." + random.nextInt(256), random.nextInt(65536));
    }

    // CVE-2026-103936 and many others: one message that nobody expected
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tenThousandChangedMessagesMoveNothing(boolean caller) {
        Victim victim = standing(caller);
        Random random = new Random(caller ? 11 : 12);
        MutatedMessages messages = new MutatedMessages(
                random, received(victim), victim.credentials().password());
        Standing before = Standing.of(victim);
        long answersBefore = sentBy(victim);
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));

        for (int i = 0; i < MESSAGES; i++) {
            InetSocketAddress from = random.nextInt(3) == 0
                    ? anywhere(random)
                    : victim.other.bases().get(0).base().address();
            victim.receive(from, messages.next());
            if (i % 10 == 0) {
                scene.network().runFor(Duration.ofMillis(1));
            }
        }
        long answers = sentBy(victim) - answersBefore;
        scene.network().runFor(Duration.ofSeconds(60));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(Standing.of(victim)).isEqualTo(before);
        assertThat(answers).isBetween(300L, (long) MESSAGES); // control: some were good enough for an answer
        assertThat(victim.phone.heard(IceEvent.Ignored.class)).hasSizeLessThanOrEqualTo(64);
        assertThat(victim.phone.report(victim.peer).timeline()).hasSizeLessThanOrEqualTo(401);
        assertThat(there.lost() + back.lost()).isZero();
        assertThat(there.sent()).isGreaterThan(2_900);
    }

    private long sentBy(Victim victim) {
        return scene.network().log().sentBy(victim.phone.host().name()).stream()
                .filter(event -> Demux.of(event.packet().payload()) == PacketKind.STUN)
                .count();
    }

    // RFC 8445 §7.3.1.3 sets no limit to peer-reflexive candidates
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tenThousandSourcesWithValidCredentialsMoveNothing(boolean caller) {
        Victim victim = standing(caller);
        Standing before = Standing.of(victim);
        int pairs = victim.phone.report(victim.peer).pairs().size();
        Random random = new Random(13);

        for (int i = 0; i < MESSAGES; i++) {
            InetSocketAddress from = new InetSocketAddress("198.18." + (i >> 8) + "." + (i & 0xFF), 1024 + i);
            victim.receive(from, check(victim, random));
            if (i % 10 == 0) {
                scene.network().runFor(Duration.ofMillis(1));
            }
        }
        scene.network().runFor(Duration.ofSeconds(60));

        assertThat(Standing.of(victim)).isEqualTo(before);
        assertThat(victim.phone.report(victim.peer).pairs())
                .hasSizeLessThanOrEqualTo(pairs + victim.phone.config().maxCandidates());
        assertThat(victim.phone.heard(IceEvent.Ignored.class)).hasSizeLessThanOrEqualTo(64);
        assertThat(victim.phone.report(victim.peer).timeline()).hasSizeLessThanOrEqualTo(401);
    }

    // RFC 8445 §12.2; the DTLS race: a ClientHello from elsewhere that the application takes for the peer's
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataFromSomebodyWhoIsNeitherSignalledNorCheckedIsNotDelivered(boolean caller) {
        Victim victim = standing(caller);
        ByteBuffer hello = ByteBuffer.allocate(60).put(0, (byte) 22);
        int heard = victim.phone.received().size();

        victim.receive(new InetSocketAddress("198.18.0.1", 4000), hello);
        assertThat(victim.phone.received()).hasSize(heard);

        victim.receive(victim.other.bases().get(0).base().address(), hello);
        assertThat(victim.phone.received()).as("control").hasSize(heard + 1);
    }

    /** A check as the peer would write it; every other one nominates, with the highest priority that there is. */
    private static ByteBuffer check(Victim victim, Random random) {
        boolean controls = victim.phone.engine().signalling().role(victim.peer) == IceRole.CONTROLLED;
        Attribute<Long> claim = controls ? Attributes.ICE_CONTROLLING : Attributes.ICE_CONTROLLED;
        StunWriter writer = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(random))
                .put(
                        Attributes.USERNAME,
                        victim.credentials().ufrag() + ":"
                                + victim.other.engine().credentials().ufrag())
                .put(Attributes.PRIORITY, 0x7FFF_FFFFL)
                .put(claim, random.nextLong());
        if (controls && random.nextBoolean()) {
            writer.put(Attributes.USE_CANDIDATE);
        }
        return writer.integrity(IntegrityKey.shortTerm(victim.credentials().password()))
                .fingerprint()
                .finish();
    }
}
