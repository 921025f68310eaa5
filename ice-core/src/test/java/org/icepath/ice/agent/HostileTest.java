// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;

/** House rule 1: nothing that the network sends may throw, end what works, or grow memory without a bound. */
class HostileTest {

    private static final InetSocketAddress PEER = at("198.51.100.1", 6001);

    private static Bench connected(Base base) {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());
        bench.check(base, PEER, true);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        return bench;
    }

    private static ByteBuffer mutated(Random random, ByteBuffer original) {
        byte[] bytes = new byte[original.remaining()];
        original.get(original.position(), bytes);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
        ByteBuffer mutant = ByteBuffer.wrap(bytes, 0, length).slice();
        if (length >= 20 && random.nextBoolean()) {
            mutant.putShort(2, (short) (length - 20)); // so that it passes for STUN
        }
        return mutant;
    }

    /** Whether the mutation touched nothing that MESSAGE-INTEGRITY covers: all but the length and the FINGERPRINT behind it. */
    private static boolean authenticates(ByteBuffer mutant, ByteBuffer seed) {
        int covered = seed.remaining() - 8;
        return mutant.remaining() >= covered
                && mutant.getShort(0) == seed.getShort(seed.position())
                && mutant.slice(4, covered - 4).equals(seed.slice(seed.position() + 4, covered - 4));
    }

    @Test
    void mutatedMessagesChangeNothingAndThrowNothing() {
        Base base = Bench.base("192.0.2.1", 5001);
        Bench bench = connected(base);
        Random random = new Random(42);
        List<ByteBuffer> seeds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            seeds.add(bench.sealed(bench.check(IceRole.CONTROLLING, i).put(Attributes.USE_CANDIDATE)));
        }
        bench.advance(Duration.ofSeconds(6));
        Bench.Sent consent = bench.lastRequest();
        seeds.add(bench.success(consent, base.address()));
        seeds.add(bench.error(consent, 403));
        seeds.add(bench.error(consent, 487));
        int before = bench.events.size();
        List<PairSnapshot> pairs = bench.pairs();

        for (int i = 0; i < 50_000; i++) {
            ByteBuffer seed = seeds.get(random.nextInt(seeds.size()));
            ByteBuffer mutant = mutated(random, seed);
            if (!authenticates(mutant, seed)) {
                bench.agent.handle(bench.now, base, at("203.0.113." + random.nextInt(256), 1 + i), mutant);
            }
        }
        bench.drain();

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bench.pairs()).isEqualTo(pairs);
        // nothing but a bounded number of Ignored
        assertThat(bench.events.size() - before).isLessThanOrEqualTo(64);
        assertThat(bench.events.subList(before, bench.events.size())).allMatch(AgentEvent.Ignored.class::isInstance);
    }

    @Test
    void everyClassAndMethodIsSurvived() {
        Base base = Bench.base("192.0.2.1", 5001);
        Bench bench = connected(base);

        for (int method = 0; method < 0x1000; method += 7) {
            StunMethod strange = new StunMethod(method);
            TransactionId id = TransactionId.next(bench.random);
            ByteBuffer buffer = ByteBuffer.allocate(100);
            for (StunWriter writer : List.of(
                    StunWriter.into(buffer.duplicate()).request(strange, id),
                    StunWriter.into(buffer.duplicate()).indication(strange, id),
                    StunWriter.into(buffer.duplicate()).success(strange, id),
                    StunWriter.into(buffer.duplicate()).error(strange, id))) {
                bench.receive(base, PEER, writer.finish());
            }
        }

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // An authenticated peer is not a friend either: it cannot make us hold more than we want
    @Test
    void aPeerThatChecksFromEverywhereIsBounded() {
        Base base = Bench.base("192.0.2.1", 5001);
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        for (int i = 0; i < 5_000; i++) {
            bench.check(base, at("203.0.113." + i % 250, 1024 + i), i % 3 == 0);
            bench.advance(Duration.ofMillis(1));
        }

        assertThat(bench.pairs().size()).isLessThanOrEqualTo(1 + 20);
        assertThat(bench.requests().size()).isLessThan(1000);
    }

    // Our address as the peer claims to see it is the peer's word: each answer may claim another
    @Test
    void mappedAddressesThatChangeWithEveryAnswerAreBounded() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest(), at("203.0.113.1", 9000));

        for (int i = 0; i < 300; i++) {
            bench.advance(Duration.ofSeconds(6));
            bench.answer(bench.lastRequest(), at("203.0.113.1", 9001 + i));
        }

        assertThat(bench.events(AgentEvent.PeerReflexiveFound.class)).hasSize(1);
        assertThat(bench.agent.current(0, 1)).isPresent();
    }

    // Answers that we give must not be larger than the question by much, and only the peer gets any
    @Test
    void nobodyWithoutOurPasswordGetsASingleByte() {
        Base base = Bench.base("192.0.2.1", 5001);
        Bench bench = connected(base);
        bench.sent.clear();
        ByteBuffer bare = StunWriter.into(ByteBuffer.allocate(200))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .finish();
        ByteBuffer named = StunWriter.into(ByteBuffer.allocate(200))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:them")
                .fingerprint()
                .finish();

        bench.receive(base, at("203.0.113.66", 1), bare);
        bench.receive(base, at("203.0.113.66", 1), named);
        assertThat(bench.sent).isEmpty();

        bench.check(base, PEER, false); // control
        assertThat(bench.isOurs(bench.sent.get(0), StunClass.SUCCESS)).isTrue();
    }
}
