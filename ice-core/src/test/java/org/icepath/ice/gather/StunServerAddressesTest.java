// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.turn.ServerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses of one STUN server race (RFC 8305 §5), and one that sends us on is followed (RFC 8489 §10). */
class StunServerAddressesTest {

    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final InetSocketAddress FIRST = new InetSocketAddress("192.0.2.1", 3_478);
    private static final InetSocketAddress SECOND = new InetSocketAddress("192.0.2.2", 3_478);
    private static final InetSocketAddress THIRD = new InetSocketAddress("192.0.2.3", 3_478);
    private static final InetSocketAddress OURS = new InetSocketAddress("192.168.1.5", 40_000);

    /** What a server does with a request; a server that is not named here is dead. */
    private final Map<InetSocketAddress, Behaviour> servers = new HashMap<>();

    private final Gatherer gatherer =
            new Gatherer(UsualSettings.servers(List.of("stun.example.net"), List.of()), new SplittableRandom(1));
    private final List<InetSocketAddress> asked = new ArrayList<>();
    private final List<Long> askedAt = new ArrayList<>();
    private final List<Base> open = new ArrayList<>();
    private final Queue<Runnable> arriving = new ArrayDeque<>();
    private long now;

    @FunctionalInterface
    private interface Behaviour {
        ByteBuffer answer(StunMessage request);
    }

    private static Behaviour maps(String address, int port) {
        return request -> StunWriter.into(ByteBuffer.allocate(100))
                .success(request.method(), request.transactionId())
                .put(Attributes.XOR_MAPPED_ADDRESS, new InetSocketAddress(address, port))
                .finish();
    }

    private static Behaviour sendsOnTo(InetSocketAddress other) {
        return request -> StunWriter.into(ByteBuffer.allocate(100))
                .error(request.method(), request.transactionId())
                .put(Attributes.ERROR_CODE, new ErrorCode(ErrorCode.TRY_ALTERNATE, "Try Alternate"))
                .put(Attributes.ALTERNATE_SERVER, other)
                .finish();
    }

    private void start(Transport transport) {
        TransportType type = transport == Transport.UDP ? TransportType.UDP : TransportType.TCP_PASSIVE;
        Base base = new Base(1, transport, OURS);
        gatherer.start(now, List.of(new LocalBase(0, 1, type, base, "eth0", InterfaceKind.WIRED)));
    }

    private void gather(Transport transport, InetSocketAddress... addresses) {
        start(transport);
        gatherer.stunServerResolved(
                now,
                0,
                Arrays.stream(addresses)
                        .map(address -> new ServerAddress(transport, address))
                        .toList());
    }

    private void runFor(Duration time) {
        long end = now + time.toNanos();
        settle();
        while (gatherer.nextTimeout() <= end) {
            now = Math.max(now, gatherer.nextTimeout());
            gatherer.handleTimeout(now);
            settle();
        }
        now = end;
    }

    /** Lets everything arrive at once that is on its way. */
    private void settle() {
        do {
            gatherer.drainTo(new Wire());
            for (Runnable next = arriving.poll(); next != null; next = arriving.poll()) {
                next.run();
                gatherer.drainTo(new Wire());
            }
        } while (!arriving.isEmpty());
    }

    private final class Wire implements Output<GatherEvent> {

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            if (!asked.contains(to)) {
                asked.add(to);
                askedAt.add(now / MILLI);
            }
            Behaviour server = servers.get(to);
            if (server != null) {
                ByteBuffer answer = server.answer(new StunMessage().wrap(payload.duplicate()));
                arriving.add(() -> gatherer.handle(now, base, to, answer));
            }
        }

        @Override
        public void event(GatherEvent event) {
            // what there is in the end is asked of the gatherer
        }

        @Override
        public void open(Base base, InetSocketAddress to, Framing framing) {
            if (!asked.contains(to)) {
                asked.add(to);
                askedAt.add(now / MILLI);
            }
            open.add(base);
            if (servers.containsKey(to)) {
                arriving.add(() -> gatherer.opened(now, base));
            }
        }

        @Override
        public void close(Base base) {
            open.remove(base);
        }
    }

    private List<String> reflexive() {
        return gatherer.candidates().stream()
                .map(GatheredCandidate::candidate)
                .filter(each -> each.type() == CandidateType.SERVER_REFLEXIVE)
                .map(each -> each.address().toString())
                .toList();
    }

    // a name with a dead first address cost 9.5 s, which is longer than any description waits
    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void aDeadFirstAddressCostsAQuarterOfASecond(String transport) {
        servers.put(SECOND, maps("203.0.113.9", 6_000));

        gather(Transport.valueOf(transport), FIRST, SECOND, THIRD);
        runFor(Duration.ofMillis(260));

        assertThat(asked).containsExactly(FIRST, SECOND);
        assertThat(askedAt).containsExactly(0L, 250L);
        assertThat(reflexive()).containsExactly("203.0.113.9:6000");
        assertThat(gatherer.complete()).as("the dead one is awaited no more").isTrue();
        runFor(Duration.ofSeconds(20));
        assertThat(asked).as("nor is a third one asked").hasSize(2);
        assertThat(gatherer.missing()).isEmpty();
        assertThat(open).as("the one that holds the mapping").hasSizeLessThan(2);
    }

    @Test
    void anAnswerThatComesTooLateChangesNothing() {
        gather(Transport.UDP, FIRST, SECOND);
        List<ByteBuffer> late = new ArrayList<>();
        servers.put(FIRST, request -> {
            late.add(maps("203.0.113.77", 7_777).answer(request));
            return ByteBuffer.allocate(0);
        });
        servers.put(SECOND, maps("203.0.113.9", 6_000));
        runFor(Duration.ofMillis(260));

        boolean taken = gatherer.handle(now, new Base(1, Transport.UDP, OURS), FIRST, late.get(0));

        assertThat(taken).isFalse();
        assertThat(reflexive()).containsExactly("203.0.113.9:6000");
    }

    // RFC 8305 §5: a failure lets the next one begin
    @Test
    void anAddressThatRefusesMakesWayAtOnce() {
        servers.put(FIRST, request -> StunWriter.into(ByteBuffer.allocate(100))
                .error(request.method(), request.transactionId())
                .put(Attributes.ERROR_CODE, new ErrorCode(500, "Server Error"))
                .finish());

        gather(Transport.UDP, FIRST, SECOND);
        runFor(Duration.ofMillis(60));

        assertThat(asked).containsExactly(FIRST, SECOND);
        assertThat(askedAt).containsExactly(0L, 50L); // Ta
    }

    @Test
    void whenAllAreDeadTheCandidateIsMissingOnce() {
        gather(Transport.UDP, FIRST, SECOND);
        runFor(Duration.ofSeconds(11));

        assertThat(gatherer.complete()).isTrue();
        assertThat(gatherer.missing()).singleElement().satisfies(missing -> assertThat(missing.why())
                .isEqualTo("no answer from 192.0.2.2:3478 within 9.5 s"));
    }

    // RFC 8489 §10: the same request to the server that is named, over the same transport
    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void aServerThatSendsUsOnIsFollowed(String transport) {
        servers.put(FIRST, sendsOnTo(SECOND));
        servers.put(SECOND, maps("203.0.113.9", 6_000));

        gather(Transport.valueOf(transport), FIRST);
        runFor(Duration.ofMillis(10));

        assertThat(asked).containsExactly(FIRST, SECOND);
        assertThat(reflexive()).containsExactly("203.0.113.9:6000");
        assertThat(gatherer.complete()).isTrue();
    }

    @Test
    void theServerThatAnsweredIsTheOneThatKeepsTheBindingAlive() {
        servers.put(FIRST, sendsOnTo(SECOND));
        servers.put(SECOND, maps("203.0.113.9", 6_000));
        gather(Transport.UDP, FIRST);
        runFor(Duration.ofMillis(10));
        asked.clear();

        runFor(Duration.ofSeconds(20));

        assertThat(asked).containsExactly(SECOND);
    }

    // §10: who sends us back to where we were is not followed, or two servers would play with us for ever
    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void twoServersThatSendUsToEachOtherAreGivenUp(String transport) {
        servers.put(FIRST, sendsOnTo(SECOND));
        servers.put(SECOND, sendsOnTo(FIRST));

        gather(Transport.valueOf(transport), FIRST);
        runFor(Duration.ofMillis(10));

        assertThat(gatherer.complete()).isTrue();
        assertThat(gatherer.missing()).singleElement().satisfies(missing -> assertThat(missing.why())
                .isEqualTo("the server refused with 300 Try Alternate"));
        assertThat(open).isEmpty();
    }

    @Test
    void aChainOfServersEndsAfterFive() {
        for (int host = 1; host < 50; host++) {
            servers.put(
                    new InetSocketAddress("192.0.2." + host, 3_478),
                    sendsOnTo(new InetSocketAddress("192.0.2." + (host + 1), 3_478)));
        }

        gather(Transport.UDP, FIRST);
        runFor(Duration.ofMillis(10));

        assertThat(asked).hasSize(6);
        assertThat(gatherer.complete()).isTrue();
    }

    // whoever sends us on need not have authenticated, and must
    // not aim us at ourselves, at a crowd or at another family
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "224.0.0.1", "0.0.0.0", "2001:db8::1"})
    void nobodyAimsUsWhereNoServerIs(String address) {
        servers.put(FIRST, sendsOnTo(new InetSocketAddress(address, 3_478)));

        gather(Transport.UDP, FIRST);
        runFor(Duration.ofMillis(10));

        assertThat(asked).containsExactly(FIRST);
        assertThat(gatherer.complete()).isTrue();
    }

    // a connection that ends belongs to nobody any more once another one has answered
    @Test
    void aConnectionThatLostIsClosed() {
        servers.put(SECOND, maps("203.0.113.9", 6_000));
        gather(Transport.TCP, FIRST, SECOND);
        runFor(Duration.ofMillis(100));
        Base lost = open.get(0);

        runFor(Duration.ofMillis(200));
        gatherer.closed(now, lost, new Cause(Cause.Kind.TIMED_OUT, "late"));

        assertThat(open).hasSize(1).doesNotContain(lost);
        assertThat(gatherer.missing()).isEmpty();
    }

    // RFC 8489 §8: a service over TCP may be on another machine than the one over UDP
    @ParameterizedTest
    @CsvSource({"UDP, 192.0.2.1", "TCP, 192.0.2.2"})
    void eachBaseAsksWhereItsTransportIs(String transport, String where) {
        start(Transport.valueOf(transport));
        gatherer.stunServerResolved(
                now, 0, List.of(ServerAddress.udp(FIRST), new ServerAddress(Transport.TCP, SECOND)));
        runFor(Duration.ofSeconds(1));

        assertThat(asked).extracting(each -> each.getAddress().getHostAddress()).containsExactly(where);
    }
}
