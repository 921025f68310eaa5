// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Decision;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.PairView;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.icepath.ice.Timings;
import org.junit.jupiter.api.Test;

/** What a configuration asks for comes about in a call over sockets: each option against the choice that would be made without it. */
class OptionsTest {

    /** Nothing may end before all has been tried: then what is chosen depends on no clock. */
    private static final Duration LONG = Duration.ofMinutes(10);

    /** The order of priorities, upside down. */
    private static final PathRanking WORST_FIRST = (one, other) ->
            Long.compareUnsigned(one.pair().priority(), other.pair().priority()) < 0;

    private final IceConfig onTwoAddresses = audio(1).localAddress(another()).timings(patient());

    private static InetAddress another() {
        try {
            return InetAddress.getByName("127.0.0.2");
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static Timings patient() {
        Timings usual = Timings.RFC8445;
        return new Timings(
                usual.ta(),
                usual.rto(),
                usual.keepalive(),
                usual.consentInterval(),
                usual.consentExpiry(),
                usual.patience(),
                LONG,
                LONG);
    }

    private static String ends(CandidatePair pair) {
        return pair.local().address().host() + " to " + pair.remote().address().host();
    }

    @Test
    void theRankingDecidesWhatIsNominated() throws Exception {
        assertThat(nominatedBy(PathRanking.byPriority())).isEqualTo("127.0.0.1 to 127.0.0.1");
        assertThat(nominatedBy(WORST_FIRST)).isEqualTo("127.0.0.2 to 127.0.0.2");
    }

    private String nominatedBy(PathRanking ranking) throws Exception {
        try (IceRuntime runtime = Icepath.start();
                Call call = Call.connect(runtime, onTwoAddresses.ranking(ranking), onTwoAddresses)) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            CandidatePair alices = call.alicesPath(1).current().orElseThrow();
            CandidatePair bobs = call.bobsPath(1).current().orElseThrow();
            assertThat(bobs.local().address()).isEqualTo(alices.remote().address());
            return ends(alices);
        }
    }

    @Test
    void aSelectorOfTheApplicationDecidesWhereMediaGoesBeforeTheNomination() throws Exception {
        PathSelector last = (now, view, current) -> view.pairs().stream()
                .filter(PairView::valid)
                .map(PairView::pair)
                .min((one, other) -> Long.compareUnsigned(one.priority(), other.priority()));
        IceConfig undecided = onTwoAddresses.nomination((now, view) -> new Decision.WaitUntil(Long.MAX_VALUE));
        try (IceRuntime runtime = Icepath.start();
                Call call = Call.connect(runtime, undecided.pathSelector(last), undecided)) {
            BlockingQueue<String> ways = new LinkedBlockingQueue<>();
            call.toBob().onEvent(event -> {
                if (event instanceof IceEvent.PathChanged changed) {
                    ways.add(ends(changed.to()));
                }
            });
            call.alicesPath(1).current().map(OptionsTest::ends).ifPresent(ways::add);

            assertThat(untilItIs("127.0.0.2 to 127.0.0.2", ways)).isTrue();
        }
    }

    private static boolean untilItIs(String way, BlockingQueue<String> ways) throws InterruptedException {
        String next = ways.poll(Call.TIMEOUT_SECONDS, SECONDS);
        while (next != null && !next.equals(way)) {
            next = ways.poll(Call.TIMEOUT_SECONDS, SECONDS);
        }
        return next != null;
    }

    // RFC 8445 §6.1.1 has the offerer control; a signalling of its own may have it otherwise
    @Test
    void fixedRolesGoBeforeThoseOfOfferAndAnswer() throws Exception {
        try (IceRuntime runtime = Icepath.start();
                Call call =
                        Call.connect(runtime, audio(1).role(IceRole.CONTROLLED), audio(1).role(IceRole.CONTROLLING))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            assertThat(call.toBob().role()).isEqualTo(IceRole.CONTROLLED);
            assertThat(call.toAlice().role()).isEqualTo(IceRole.CONTROLLING);
        }
    }

    @Test
    void udpOnlyTakesTheTcpCandidatesAway() throws Exception {
        try (IceRuntime runtime = Icepath.start();
                IceSession both = runtime.open(audio(1).tcp());
                IceSession udp = runtime.open(audio(1).tcp().udpOnly())) {
            assertThat(tcpCandidates(await(both.offer()))).isPositive();
            assertThat(tcpCandidates(await(udp.offer()))).isZero();
        }
    }

    private static long tcpCandidates(IceDescription description) {
        return description.streams().get(0).candidates().stream()
                .filter(candidate -> candidate.transport().isTcp())
                .count();
    }

    // Both ways in: the one-line start, and the configuration of a server
    @Test
    void aMonitorOfTheApplicationWatchesFromTheFirstSessionToTheLast() throws Exception {
        watches(Icepath::start);
        watches(monitor -> Icepath.start(RuntimeConfig.create().networkMonitor(monitor)));
    }

    private static void watches(Start start) throws Exception {
        CompletableFuture<Runnable> looks = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        NetworkMonitor monitor = (executor, changed) -> {
            looks.complete(changed);
            return () -> ended.complete(null);
        };
        try (IceRuntime runtime = start.with(monitor)) {
            Call call = Call.connect(runtime, audio(1));
            await(call.alicesPath(1).selected());

            await(looks).run(); // nothing has changed, which is harmless
            assertThat(call.alicesPath(1).isWritable()).isTrue();
            assertThat(ended).isNotDone();
            call.close();
            await(ended);
        }
    }

    @FunctionalInterface
    private interface Start {
        IceRuntime with(NetworkMonitor monitor);
    }

    @Test
    void aCallNeedsNoMonitor() throws Exception {
        try (IceRuntime runtime = Icepath.start(NetworkMonitor.none());
                Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
        }
    }
}
