// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.HostBase;
import org.icepath.net.EventLoops;
import org.icepath.net.InterfaceKind;
import org.icepath.net.LocalAddress;
import org.icepath.net.MachineDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSocketsTest {

    private static final InetAddress OWN = addressOfThisProcess();
    private static final LocalAddress LOOPBACK = new LocalAddress(OWN, "lo", InterfaceKind.LOOPBACK, 8);

    private final EventLoops loops = EventLoops.start(1);
    private final MachineDriver<String> driver =
            new MachineDriver<>("test", loops, loops.next(), new DeafMachine(), event -> {});
    private final HostSockets sockets = new HostSockets(driver);

    @AfterEach
    void close() {
        driver.close();
        loops.close();
    }

    @Test
    void eachComponentHasItsOwnSocket() throws Exception {
        HostSockets.Bound bound = bind(IceConfig.create().stream("audio", 1, 2));

        assertThat(bound.bases()).extracting(HostBase::component).containsExactlyInAnyOrder(1, 2);
        assertThat(bound.bases()).extracting(HostSocketsTest::port).doesNotHaveDuplicates();
        assertThat(bound.gaps()).isEmpty();
    }

    // RFC 3550 §11: RTP an even port, RTCP the next one.
    @Test
    void aPortRangeGivesRtpAnEvenPortAndRtcpTheOneAbove() throws Exception {
        HostSockets.Bound bound = bind(range(21_000, 21_099));

        assertThat(bound.bases()).hasSize(2);
        int rtp = port(bound.bases().get(0));
        assertThat(rtp).isBetween(21_000, 21_098).matches(port -> port % 2 == 0);
        assertThat(port(bound.bases().get(1))).isEqualTo(rtp + 1);
    }

    @Test
    void aPairWhoseSecondPortIsTakenIsPassedOverWhole() throws Exception {
        try (DatagramSocket taken = bound(21_103)) {
            HostSockets.Bound bound = bind(range(21_101, 21_106));

            assertThat(taken.isBound()).isTrue();
            assertThat(bound.bases()).extracting(HostSocketsTest::port).containsExactly(21_104, 21_105);
            assertThat(driver.eventLoop().submit(() -> driver.sockets().size()).get(30, SECONDS))
                    .isEqualTo(2);
        }
    }

    @Test
    void aFullRangeIsSaidInTheReport() throws Exception {
        try (DatagramSocket taken = bound(21_110)) {
            HostSockets.Bound bound = bind(range(21_110, 21_111));

            assertThat(taken.isBound()).isTrue();
            assertThat(bound.bases()).isEmpty();
            assertThat(bound.gaps()).hasSize(2).allMatch(gap -> gap.why()
                    .startsWith("no run of ports in the range 21110 to 21111 could be bound"));
        }
    }

    @Test
    void aRangeWithoutAPairIsSaidInTheReport() throws Exception {
        HostSockets.Bound bound = bind(range(21_113, 21_114));

        assertThat(bound.bases()).isEmpty();
        assertThat(bound.gaps()).allMatch(gap -> gap.why().contains("has no even port"));
    }

    @Test
    void anAddressThatIsNotOursIsSaidInTheReport() throws Exception {
        LocalAddress elsewhere = new LocalAddress(InetAddress.getByName("192.0.2.77"), "", InterfaceKind.OTHER, 32);
        StreamConfig audio = IceConfig.create().stream("audio", 1).streams().get(0);
        HostPlan plan = new HostPlan(List.of(new HostPlan.Place(0, audio, elsewhere)), List.of());

        HostSockets.Bound bound = sockets.bind(plan).get(30, SECONDS);

        assertThat(bound.bases()).isEmpty();
        assertThat(bound.gaps()).singleElement().satisfies(gap -> assertThat(gap.why())
                .startsWith("cannot be bound: "));
    }

    // Two sessions with one range never meet: the system gives each port once.
    @Test
    void twoStreamsShareARange() throws Exception {
        IceConfig config = range(21_120, 21_131).stream("video", 1, 2).portRange("video", 21_120, 21_131);

        HostSockets.Bound bound = bind(config);

        assertThat(bound.bases()).extracting(HostSocketsTest::port).hasSize(4).doesNotHaveDuplicates();
    }

    // each component keeps to its half of the range, so that what is left of it are pairs
    @Test
    void aSocketBesideAnotherIsOfTheRangeToo() throws Exception {
        IceConfig config = range(21_140, 21_145);
        HostBase rtp = bind(config).bases().get(0);
        int first = port(rtp) == 21_140 ? 21_142 : 21_140;
        int second = port(rtp) == 21_144 ? 21_142 : 21_144;
        try (DatagramSocket taken = bound(first)) {
            HostBase another = beside(rtp, config).get(30, SECONDS);

            assertThat(taken.isBound()).isTrue();
            assertThat(port(another)).isEqualTo(second);
            assertThat(another.component()).isEqualTo(1);
            assertThat(beside(rtp, config))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("no run of ports in the range 21140 to 21145 could be bound");
        }
    }

    @Test
    void aSocketBesideThatOfRtcpHasAnOddPort() throws Exception {
        IceConfig config = range(21_150, 21_159);
        HostBase rtcp = bind(config).bases().get(1);

        HostBase another = beside(rtcp, config).get(30, SECONDS);

        assertThat(another.component()).isEqualTo(2);
        assertThat(port(another)).isBetween(21_151, 21_159).matches(port -> port % 2 == 1);
    }

    @Test
    void withoutARangeASocketBesideAnotherHasAnyPort() throws Exception {
        IceConfig config = IceConfig.create().stream("audio", 1);
        HostBase rtp = bind(config).bases().get(0);

        HostBase another = beside(rtp, config).get(30, SECONDS);

        assertThat(port(another)).isNotEqualTo(port(rtp));
    }

    // A firewall lets a range through for those who connect to us, too. Where connections leave from the ports as well,
    // as questions to
    // STUN servers do, the system would give one port to two who both say that it may be shared.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void portsThatAcceptAreOfTheRangeAndOfOneOwner(boolean asksServers) throws Exception {
        IceConfig config = range(21_160, 21_163);
        HostSockets accepting = new HostSockets(
                driver,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                asksServers ? config.stunServer("192.0.2.1") : config);
        HostPlan plan = new HostPlan(
                List.of(new HostPlan.Place(0, config.streams().get(0), LOOPBACK, List.of(TransportType.TCP_PASSIVE))),
                List.of());

        List<HostBase> ports =
                new ArrayList<>(accepting.bind(plan).get(30, SECONDS).bases());
        ports.addAll(accepting.bind(plan).get(30, SECONDS).bases());
        HostSockets.Bound oneTooMany = accepting.bind(plan).get(30, SECONDS);

        assertThat(ports).extracting(HostSocketsTest::port).containsExactlyInAnyOrder(21_160, 21_161, 21_162, 21_163);
        assertThat(ports).allMatch(base -> port(base) % 2 == base.component() - 1);
        assertThat(oneTooMany.bases()).isEmpty();
        assertThat(oneTooMany.gaps()).hasSize(2).allMatch(gap -> gap.why()
                .startsWith("cannot be bound: no run of ports in the range 21160 to 21163"));
    }

    /** One of the loopback network that nobody else has: there every port is free. */
    private static InetAddress addressOfThisProcess() {
        long process = ProcessHandle.current().pid();
        try {
            return InetAddress.getByAddress(new byte[] {
                127, (byte) (64 + process / 62_500 % 64), (byte) (process / 250 % 250), (byte) (1 + process % 250)
            });
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private CompletableFuture<HostBase> beside(HostBase one, IceConfig config) {
        return sockets.bindBeside(one, config.streams().get(one.stream()));
    }

    private HostSockets.Bound bind(IceConfig config) throws Exception {
        List<HostPlan.Place> places = IntStream.range(0, config.streams().size())
                .mapToObj(index -> new HostPlan.Place(index, config.streams().get(index), LOOPBACK))
                .toList();
        return sockets.bind(new HostPlan(places, List.of())).get(30, SECONDS);
    }

    private static IceConfig range(int lowest, int highest) {
        return IceConfig.create().stream("audio", 1, 2).portRange("audio", lowest, highest);
    }

    private static int port(HostBase base) {
        return base.base().address().getPort();
    }

    private static DatagramSocket bound(int port) throws SocketException {
        return new DatagramSocket(new InetSocketAddress(OWN, port));
    }
}
