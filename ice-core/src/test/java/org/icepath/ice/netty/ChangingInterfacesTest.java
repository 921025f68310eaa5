// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.icepath.ice.netty.Call.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceSession;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathChange;
import org.icepath.ice.SendResult;
import org.icepath.net.EventLoops;
import org.icepath.net.InterfaceKind;
import org.icepath.net.LocalAddress;
import org.icepath.sdp.IceSdp;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets on two loopback addresses, one of which is said to vanish and to appear. */
class ChangingInterfacesTest {

    private static final LocalAddress LO = address("127.0.0.1", "lo");
    private static final LocalAddress LAN = address("127.0.0.2", "eth0");

    private final List<LocalAddress> present = new CopyOnWriteArrayList<>(List.of(LO, LAN));
    private final List<Runnable> watches = new CopyOnWriteArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final NetworkMonitor monitor = (executor, changed) -> {
        watches.add(changed);
        return ended::incrementAndGet;
    };
    private final NettyIceRuntime runtime =
            new NettyIceRuntime(EventLoops.start(1), Pacer.perAgent(), monitor, () -> List.copyOf(present));

    private static LocalAddress address(String address, String name) {
        try {
            return new LocalAddress(InetAddress.getByName(address), name, InterfaceKind.ETHERNET, 8);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private static IceConfig onBoth() {
        return IceConfig.create().stream("audio", 1).localAddress(LAN.address()).localAddress(LO.address());
    }

    private void nowPresent(LocalAddress... addresses) {
        present.clear();
        present.addAll(List.of(addresses));
        watches.forEach(Runnable::run);
    }

    // Names under .local are answered for on what there is now before a session names a candidate there
    @Test
    void aChangeIsToldOnceForAllSessionsAndToThemAfterwards() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (EventLoops loops = EventLoops.start(1)) {
            HostWatch watch = new HostWatch(loops, monitor, () -> List.copyOf(present), () -> told.add("links"));
            watch.join(unused -> told.add("session"), List.of(LO, LAN));
            watch.join(unused -> told.add("session"), List.of(LO, LAN));

            nowPresent(LO);

            Eventually.holds(() -> told.size() == 3);
            assertThat(told).containsExactly("links", "session", "session");
        }
    }

    @Test
    void mediaLeavesAnAddressThatVanishes() throws Exception {
        try (Call call = Call.connect(runtime, onBoth())) {
            BlockingQueue<IceEvent.PathChanged> changes = new LinkedBlockingQueue<>();
            call.toBob().onEvent(event -> {
                if (event instanceof IceEvent.PathChanged changed && changed.cause() == PathChange.FAILOVER) {
                    changes.add(changed);
                }
            });
            NettyIcePath path = call.alicesPath(1);
            await(path.selected());

            nowPresent(LO);

            IceEvent.PathChanged changed = changes.poll(30, TimeUnit.SECONDS);
            assertThat(changed).isNotNull();
            assertThat(changed.to().local().address().host()).isEqualTo("127.0.0.1");
            assertThat(path.send(ByteBuffer.allocate(20).put(0, (byte) 0x80))).isEqualTo(SendResult.SENT);
            assertThat(call.alice().report().join().text()).contains("127.0.0.2 has gone from the interface eth0");
        }
    }

    // A telephone without ICE learns of the other address by an offer alone, which is due
    @Test
    void mediaToAPeerWithoutIceLeavesAnAddressThatVanishes() throws Exception {
        try (DatagramSocket telephone = new DatagramSocket(0, LO.address());
                IceSession alice = runtime.open(onBoth())) {
            await(alice.offer());
            IcePeer peer = alice.accept(IceSdp.parse("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                            + "t=0 0\r\nm=audio " + telephone.getLocalPort() + " RTP/AVP 0\r\n")
                    .description());
            IcePath path = peer.path("audio", 1);
            await(path.ready());
            String before = path.current().orElseThrow().local().address().host();
            LocalAddress left = before.equals("127.0.0.1") ? LAN : LO;

            nowPresent(left);

            Eventually.holds(() -> peer.pendingOffer().isPresent());
            assertThat(path.send(ByteBuffer.allocate(20).put(0, (byte) 0x80))).isEqualTo(SendResult.SENT);
            DatagramPacket arrived = new DatagramPacket(new byte[100], 100);
            telephone.setSoTimeout(30_000);
            telephone.receive(arrived);
            assertThat(arrived.getAddress()).isEqualTo(left.address());
            assertThat(await(peer.report()).verdict()).contains("audio/1 left host " + before);
        }
    }

    // RFC 4862 §5.4: an address cannot be bound while it is tentative, and nothing changes when it is no longer so.
    @Test
    void anAddressThatCannotBeBoundAtFirstIsTriedAgain() throws Exception {
        DatagramSocket taken = new DatagramSocket(21_198, LAN.address());
        try (IceSession session = runtime.open(onBoth().portRange("audio", 21_198, 21_198))) {
            BlockingQueue<String> gathered = new LinkedBlockingQueue<>();
            session.onEvent(event -> {
                if (event instanceof IceEvent.CandidateGathered found) {
                    taken.close(); // on the event loop, and so before the next try
                    gathered.add(found.candidate().address().host());
                }
            });

            await(session.offer());

            assertThat(gathered.poll(30, TimeUnit.SECONDS)).isEqualTo("127.0.0.1");
            assertThat(gathered.poll(30, TimeUnit.SECONDS)).isEqualTo("127.0.0.2");
        } finally {
            taken.close();
        }
    }

    @Test
    void candidatesAreGatheredOnAnAddressThatAppears() throws Exception {
        present.remove(LAN);
        IceConfig onLo = IceConfig.create().stream("audio", 1).localAddress(LO.address());
        NettyIceSession session = (NettyIceSession) runtime.open(
                onLo.localAddress(LAN.address()).filter(new CandidateFilter("named", facts -> !facts.interfaceName()
                        .isEmpty())));
        BlockingQueue<IceEvent> events = new LinkedBlockingQueue<>();
        session.onEvent(events::add);
        await(session.offer());
        events.clear();

        nowPresent(LO, LAN);

        Eventually.holds(() -> events.stream()
                .anyMatch(event -> event instanceof IceEvent.CandidateGathered gathered
                        && gathered.candidate().address().host().equals("127.0.0.2")));
        session.close();
    }

    // Whoever cannot reach what a name stood for has it looked up again, and gathering does not end before the answer
    @Test
    void serversThatANewAddressCannotReachAreLookedUpAgain() throws Exception {
        present.remove(LAN);
        IceConfig onLo = IceConfig.create().stream("audio", 1)
                .localAddress(LO.address())
                .stunServer("[::1]:3478")
                .turnServer(TurnServer.parse("turn:[::1]:3478").credentials("alice", "secret"));
        try (IceSession session = runtime.open(
                onLo.localAddress(LAN.address()).filter(new CandidateFilter("named", facts -> !facts.interfaceName()
                        .isEmpty())))) {
            BlockingQueue<IceEvent> events = new LinkedBlockingQueue<>();
            session.onEvent(events::add);
            await(session.offer());
            Eventually.holds(() -> events.stream().anyMatch(IceEvent.GatheringCompleted.class::isInstance));
            events.clear();

            nowPresent(LO, LAN);

            Eventually.holds(() -> events.stream().anyMatch(IceEvent.GatheringCompleted.class::isInstance));
            assertThat(await(session.report()).text())
                    .contains("relayed candidate from turn:[::1]:3478 over 127.0.0.2");
        }
    }

    /** A session that has no network but those that are present, none at first. */
    private IceSession offline() {
        present.clear();
        IceSession session = runtime.open(onBoth().filter(new CandidateFilter(
                "present", facts -> !facts.interfaceName().isEmpty())));
        findsNothing(session);
        return session;
    }

    private static void findsNothing(IceSession session) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> await(session.offer()))
                .satisfies(failed -> assertThat(failed.getCause())
                        .isInstanceOfSatisfying(
                                IceException.class,
                                cause -> assertThat(cause.failure().kind()).isEqualTo(IceFailure.Kind.NO_CANDIDATES)));
    }

    @Test
    void anOfferWithoutAnyInterfaceMaySucceedWhenTheApplicationAsksAgain() throws Exception {
        try (IceSession session = offline()) {
            findsNothing(session);
            present.add(LO); // nobody says so

            assertThat(await(session.offer()).streams().get(0).candidates()).hasSize(1);
        }
    }

    @Test
    void anInterfaceThatAppearsMakesTheNextOfferPossible() throws Exception {
        try (IceSession session = offline()) {
            BlockingQueue<IceEvent> events = new LinkedBlockingQueue<>();
            session.onEvent(events::add);

            nowPresent(LO, LAN);

            Eventually.holds(() -> events.stream()
                            .filter(IceEvent.CandidateGathered.class::isInstance)
                            .count()
                    == 2);
            assertThat(await(session.offer()).streams().get(0).candidates()).hasSize(2);
        }
    }

    // NetworkMonitor: it is asked to watch only while sessions live, and once for all of them
    @Test
    void oneWatchServesAllSessionsAndEndsWithTheLast() throws Exception {
        NettyIceSession one = (NettyIceSession) runtime.open(onBoth());
        assertThat(watches).as("nothing is watched before anything is gathered").isEmpty();
        NettyIceSession other = (NettyIceSession) runtime.open(onBoth());
        await(one.offer());
        await(other.offer());
        assertThat(watches).hasSize(1);

        one.close();
        await(one.ended());
        assertThat(ended).hasValue(0);
        other.close();
        await(other.ended());

        assertThat(ended).hasValue(1);
    }
}
