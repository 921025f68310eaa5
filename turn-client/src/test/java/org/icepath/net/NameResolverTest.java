// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class NameResolverTest {

    private final EventLoops loops = EventLoops.start(1);
    private final NameResolver resolver = new NameResolver(loops, loops.next());

    @AfterEach
    void tearDown() {
        resolver.close();
        loops.close();
    }

    @Test
    void anAddressLiteralNeedsNoLookup() {
        CompletableFuture<ResolvedName> ipv6 = resolver.resolve("[2001:db8::1]", Duration.ofSeconds(1));
        CompletableFuture<ResolvedName> ipv4 = resolver.resolve("192.0.2.1", Duration.ofSeconds(1));

        assertThat(ipv6)
                .isCompletedWithValueMatching(
                        found -> found.ipv6().size() == 1 && found.ipv4().isEmpty());
        assertThat(ipv4)
                .isCompletedWithValueMatching(
                        found -> found.ipv4().size() == 1 && found.ipv6().isEmpty());
    }

    @Test
    void theHostsFileCounts() throws Exception {
        ResolvedName found =
                resolver.resolve("localhost", Duration.ofSeconds(5)).get(30, SECONDS);

        assertThat(found.interleaved()).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void aNameServerThatNeverAnswersEndsAtTheDeadlineWithTheReason() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                NameResolver asking = new NameResolver(
                        loops, loops.next(), List.of((InetSocketAddress) silent.getLocalSocketAddress()))) {

            ResolvedName found =
                    asking.resolve("nowhere.example", Duration.ofMillis(200)).get(30, SECONDS);

            assertThat(found.isEmpty()).isTrue();
            assertThat(found.problems()).containsExactly("no answer within 200 ms");
        }
    }

    // Seen with home routers: questions for AAAA get no answer at all.
    @Test
    void anAnswerInOneFamilyHardlyWaitsForTheOther() throws Exception {
        try (MachineDriver<String> server =
                        new MachineDriver<>("dns", loops, loops.next(), new HalfNameServer(), event -> {});
                NameResolver asking = new NameResolver(loops, loops.next(), List.of(addressOf(server)))) {

            ResolvedName found =
                    asking.resolve("half.example", Duration.ofSeconds(60)).get(30, SECONDS);

            assertThat(found.ipv4()).containsExactly(InetAddress.getByName("192.0.2.53"));
            assertThat(found.ipv6()).isEmpty();
            assertThat(found.problems()).containsExactly("no answer within 200 ms");
        }
    }

    private static InetSocketAddress addressOf(MachineDriver<String> server) throws Exception {
        return server.open(UdpSocketOptions.at(InetAddress.getLoopbackAddress()))
                .get(30, SECONDS)
                .localAddress();
    }

    // RFC 1035 §2.3.4: labels have 1 to 63 bytes, in DNS's own letters; a peer may name anything
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
                "a..example",
                ".example",
                "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example"
            })
    void aNameThatDnsCannotWriteIsFoundNowhereAndThrowsNothing(String name) {
        assertThat(resolver.resolve(name, Duration.ofSeconds(1)))
                .isCompletedWithValueMatching(
                        found -> found.isEmpty() && found.problems().get(0).startsWith("not a host name"));
        assertThat(resolver.services(name)).isCompletedWithValueMatching(List::isEmpty);
        assertThat(resolver.namings(name)).isCompletedWithValueMatching(List::isEmpty);
    }

    @Test
    void whatCannotBeANameFailsWithoutALookup() {
        assertThat(resolver.resolve("a".repeat(300), Duration.ofSeconds(1)))
                .isCompletedWithValueMatching(found -> !found.problems().isEmpty());
    }
}
