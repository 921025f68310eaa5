// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.icepath.net.mdns.MulticastDnsMachine.Found;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.Test;

class MulticastDnsMachineTest {

    private static final String NAME = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
    private static final InetAddress IP = ip("192.0.2.7");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final InetSocketAddress NEIGHBOUR = new InetSocketAddress(ip("192.0.2.9"), 5353);

    private final Link link = new Link();
    private final MulticastDnsMachine asking = new MulticastDnsMachine();
    private final MulticastDnsMachine answering = new MulticastDnsMachine();

    /** Two machines in one segment, and what has passed on it. */
    private final class Link {

        private final Base base = new Base(1, Transport.UDP, new InetSocketAddress(ip("0.0.0.0"), 5353));
        private final List<Found> found = new ArrayList<>();
        private int messages;
        private boolean lost;

        void connect(long now) {
            asking.opened(now, base);
            answering.opened(now, base);
        }

        void exchange(long now) {
            List<byte[]> before;
            do {
                before = new ArrayList<>();
                drain(asking, before);
                drain(answering, before);
                if (!lost) {
                    before.forEach(message -> {
                        asking.handle(now, base, NEIGHBOUR, ByteBuffer.wrap(message));
                        answering.handle(now, base, NEIGHBOUR, ByteBuffer.wrap(message));
                    });
                }
            } while (!before.isEmpty());
        }

        private void drain(MulticastDnsMachine machine, List<byte[]> into) {
            machine.drainTo(new Output<Found>() {
                @Override
                public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
                    assertThat(to).isEqualTo(new InetSocketAddress(ip("224.0.0.251"), 5353));
                    byte[] message = new byte[payload.remaining()];
                    payload.get(message);
                    into.add(message);
                    messages++;
                }

                @Override
                public void event(Found event) {
                    found.add(event);
                }
            });
        }
    }

    // RFC 6762 §5.4, §6
    @Test
    void aNameIsFoundInOneExchange() {
        link.connect(0);
        answering.publish(NAME, IP);

        assertThat(asking.resolve(0, NAME.toUpperCase(java.util.Locale.ROOT))).isTrue();
        link.exchange(0);

        assertThat(link.found).containsExactly(new Found(NAME, List.of(IP)));
        assertThat(asking.isIdle()).isTrue();
        assertThat(asking.nextTimeout()).isEqualTo(MulticastDnsMachine.NEVER);
    }

    @Test
    void anIpv6AddressIsFoundAsWell() {
        link.connect(0);
        answering.publish(NAME, ip("2001:db8::7"));

        asking.resolve(0, NAME);
        link.exchange(0);

        assertThat(link.found).containsExactly(new Found(NAME, List.of(ip("2001:db8::7"))));
    }

    @Test
    void whatIsAskedBeforeASocketStandsIsAskedThere() {
        answering.publish(NAME, IP);
        asking.resolve(0, NAME);

        link.connect(SECOND / 100);
        link.exchange(SECOND / 100);

        assertThat(link.found).hasSize(1);
    }

    // RFC 6762 §5.2: the intervals are at least a second and double.
    @Test
    void aLostQuestionIsAskedAgainAndGivenUpInTheEnd() {
        link.connect(0);
        link.lost = true;
        asking.resolve(0, NAME);
        link.exchange(0);
        List<Long> asked = new ArrayList<>();
        while (link.found.isEmpty()) {
            long now = asking.nextTimeout();
            int before = link.messages;
            asking.handleTimeout(now);
            link.exchange(now);
            if (link.messages > before) {
                asked.add(now / SECOND);
            }
        }

        assertThat(asked).containsExactly(1L, 3L, 7L);
        assertThat(link.found).containsExactly(new Found(NAME, List.of()));
        assertThat(asking.nextTimeout()).isEqualTo(MulticastDnsMachine.NEVER);
    }

    // RFC 6762 §6: nobody makes us say the same more than once a second.
    @Test
    void aNameIsAnsweredOnceASecond() {
        link.connect(0);
        answering.publish(NAME, IP);
        byte[] question = MdnsCodec.query(NAME);

        for (int i = 0; i < 100; i++) {
            answering.handle(0, link.base, NEIGHBOUR, ByteBuffer.wrap(question));
        }
        link.exchange(0);
        assertThat(link.messages).isOne();

        answering.handle(SECOND, link.base, NEIGHBOUR, ByteBuffer.wrap(question));
        link.exchange(SECOND);
        assertThat(link.messages).isEqualTo(2);
    }

    // RFC 6762 §6.7 would answer by unicast, to a source that may be forged.
    @Test
    void whoDoesNotSpeakFromPort5353GetsNoAnswer() {
        link.connect(0);
        answering.publish(NAME, IP);

        boolean taken = answering.handle(
                0, link.base, new InetSocketAddress(ip("192.0.2.9"), 40_000), ByteBuffer.wrap(MdnsCodec.query(NAME)));
        link.exchange(0);

        assertThat(taken).isFalse();
        assertThat(link.messages).isZero();
    }

    @Test
    void aNameThatIsWithdrawnIsNotAnswered() {
        link.connect(0);
        answering.publish(NAME, IP);
        answering.withdraw(NAME);

        asking.resolve(0, NAME);
        link.exchange(0);

        assertThat(link.found).isEmpty();
    }

    // draft-ietf-mmusic-mdns-ice-candidates §3.2.1: one label under .local, or it is no such candidate.
    @Test
    void otherNamesAreNotLookedUp() {
        for (String name : List.of("printer.office.local", "local", ".local", "a b.local", "example.net", "x.local.")) {
            assertThat(asking.resolve(0, name)).as(name).isFalse();
        }
        assertThat(asking.isIdle()).isTrue();
    }

    @Test
    void thereAreNoMoreThan64Lookups() {
        for (int i = 0; i < 64; i++) {
            assertThat(asking.resolve(0, "name-" + i + ".local")).isTrue();
        }
        assertThat(asking.resolve(0, "one-more.local")).isFalse();
    }

    @Test
    void anAnswerThatNobodyAskedForIsForgotten() {
        link.connect(0);
        asking.resolve(0, NAME);

        asking.handle(0, link.base, NEIGHBOUR, ByteBuffer.wrap(MdnsCodec.answer("other.local", IP, 120)));
        link.exchange(0);

        assertThat(link.found).isEmpty();
    }

    // As a browser answers: A with the cache-flush bit, then NSEC, the name compressed.
    @Test
    void theAnswerOfABrowserIsUnderstood() {
        link.connect(0);
        asking.resolve(0, "abc.local");
        byte[] message = HexFormat.of()
                .parseHex("000084000000000100000001" + "03616263056c6f63616c00" + "00018001000000780004c0000207"
                        + "c00c002f8001000000780005c00c000140");

        asking.handle(0, link.base, NEIGHBOUR, ByteBuffer.wrap(message));
        link.exchange(0);

        assertThat(link.found).containsExactly(new Found("abc.local", List.of(IP)));
    }

    // CVE-2023-27585 and its like: names that point at themselves, counts that lie, records that end early.
    @Test
    void rubbishFromTheLinkChangesNothing() {
        link.connect(0);
        answering.publish(NAME, IP);
        asking.resolve(0, NAME);
        byte[] answer = MdnsCodec.answer("other.local", IP, 120);
        byte[] question = MdnsCodec.query("other.local");
        Random random = new Random(6762);
        for (int i = 0; i < 20_000; i++) {
            byte[] message = (i % 2 == 0 ? answer : question).clone();
            for (int flips = 0; flips <= i % 5; flips++) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            ByteBuffer cut = ByteBuffer.wrap(message, 0, 1 + random.nextInt(message.length));
            asking.handle(0, link.base, NEIGHBOUR, cut);
            answering.handle(0, link.base, NEIGHBOUR, cut);
        }
        byte[] loop = HexFormat.of().parseHex("000084000000000100000000" + "c00c000180010000007800040a000001");
        asking.handle(0, link.base, NEIGHBOUR, ByteBuffer.wrap(loop));

        link.exchange(0);

        assertThat(link.found).containsExactly(new Found(NAME, List.of(IP)));
    }

    private static InetAddress ip(String literal) {
        return NetUtil.createInetAddressFromIpAddressString(literal);
    }
}
