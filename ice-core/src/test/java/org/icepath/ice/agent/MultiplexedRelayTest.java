// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MultiplexedFrame;
import org.junit.jupiter.api.Test;

/** A peer whose relay serves many streams at one address says with its checks which one is its own ([MS-TURN] §2.2.3, seen). */
class MultiplexedRelayTest {

    private static final long SESSION = 0x0102030405068DFAL;
    private static final InetSocketAddress RELAY = at("198.51.100.9", 3_479);

    private static Bench running() {
        Bench bench = MsChecksTest.bench(IceRole.CONTROLLED);
        bench.remote(bench.description(List.of(Bench.of(CandidateType.RELAYED, "198.51.100.9", 3_479, 1, "1"))));
        return bench;
    }

    private static ByteBuffer check(Bench bench, boolean saysItsStream) {
        var writer = MsChecksTest.marked(bench, MsChecksTest.id(bench), MsIce2Dialect.VERSION_2, 2);
        if (saysItsStream) {
            writer.putUint64(MsTurnAttributes.MULTIPLEXED_SESSION_ID, SESSION);
        }
        return MsChecksTest.sealed(bench, writer);
    }

    private static StunMessage unwrapped(ByteBuffer datagram) {
        assertThat(MultiplexedFrame.isFrame(datagram)).isTrue();
        assertThat(MultiplexedFrame.sessionId(datagram)).isEqualTo(SESSION);
        ByteBuffer content = datagram.duplicate().position(datagram.position() + MultiplexedFrame.HEADER_LENGTH);
        return new StunMessage(MsIce2Dialect.VERSION_2.alone()).wrap(content.slice());
    }

    @Test
    void answersAndAllThatFollowsGoInFramesOfThatStream() {
        Bench bench = running();
        assertThat(bench.sent)
                .as("nobody has said so yet")
                .isNotEmpty()
                .noneMatch(sent -> MultiplexedFrame.isFrame(sent.payload()));
        bench.sent.clear();

        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, true));
        bench.advance(Duration.ofSeconds(20));

        StunMessage answer = unwrapped(bench.sent.get(0).payload());
        assertThat(answer.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(new Integrity().verify(answer, Bench.key(bench.ours))).isTrue();
        assertThat(bench.sent)
                .as("checks sent again, too")
                .hasSizeGreaterThan(3)
                .allSatisfy(sent -> unwrapped(sent.payload()));
    }

    // What a check after the nomination does not say any more still holds
    @Test
    void aLaterCheckNeedNotSayItAgain() {
        Bench bench = running();
        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, true));
        bench.sent.clear();

        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, false));

        assertThat(unwrapped(bench.sent.get(0).payload()).messageClass()).isEqualTo(StunClass.SUCCESS);
    }

    @Test
    void mediaIsToldOfIt() {
        Bench bench = running();

        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, true));

        assertThat(bench.events(AgentEvent.Wrapped.class)).singleElement().satisfies(wrapped -> {
            assertThat(wrapped.remote()).isEqualTo(RELAY);
            assertThat(wrapped.envelope().length()).isEqualTo(MultiplexedFrame.HEADER_LENGTH);
        });
    }

    @Test
    void otherAddressesOfThePeerGetWhatTheyAlwaysGot() {
        Bench bench = running();
        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, true));
        bench.sent.clear();

        bench.receive(MsChecksTest.base(bench), at("198.51.100.1", 6_001), check(bench, false));

        assertThat(bench.sent)
                .filteredOn(sent -> sent.to().equals(at("198.51.100.1", 6_001)))
                .isNotEmpty()
                .noneMatch(sent -> MultiplexedFrame.isFrame(sent.payload()));
    }

    @Test
    void whoIsNotThePeerChangesNothing() {
        Bench bench = running();
        ByteBuffer forged = MsChecksTest.marked(bench, MsChecksTest.id(bench), MsIce2Dialect.VERSION_2, 2)
                .putUint64(MsTurnAttributes.MULTIPLEXED_SESSION_ID, SESSION)
                .integrity(Bench.key(bench.theirs))
                .fingerprint()
                .finish();

        bench.receive(MsChecksTest.base(bench), RELAY, forged);
        bench.receive(MsChecksTest.base(bench), RELAY, check(bench, false));

        assertThat(bench.sent).noneMatch(sent -> MultiplexedFrame.isFrame(sent.payload()));
    }

    @Test
    void anAnswerBeforeThePeersDescriptionGoesInAFrame() {
        Bench bench = MsChecksTest.bench(IceRole.CONTROLLED);
        EarlyChecks early = new EarlyChecks(MsProfiles.ICE2.checks(), bench.ours, IceRole.CONTROLLED, 1);
        List<ByteBuffer> answers = new ArrayList<>();

        early.handle(0, MsChecksTest.base(bench), RELAY, check(bench, true));
        early.drainTo(new Output<EarlyCheck>() {
            @Override
            public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
                answers.add(
                        ByteBuffer.allocate(payload.remaining()).put(payload).flip());
            }

            @Override
            public void event(EarlyCheck event) {}
        });

        assertThat(unwrapped(answers.get(0)).messageClass()).isEqualTo(StunClass.SUCCESS);
    }
}
