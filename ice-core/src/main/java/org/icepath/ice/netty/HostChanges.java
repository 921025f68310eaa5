// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.engine.HostBase;
import org.icepath.ice.engine.LocalNetwork;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/**
 * What changed addresses of this machine mean for one session: the sockets of one that has vanished are closed and given up, on one
 * that has appeared sockets are bound and gathered from. Confined to the session's event loop.
 */
final class HostChanges {

    /** An IPv6 address cannot be bound while it is tentative (RFC 4862 §5.4), which is a second or two. */
    private static final int MOST_RETRIES = 5;

    private static final long RETRY_MILLIS = 1_000;

    private final SessionShell shell;
    private final HostSockets sockets;
    private final Taker taker;
    private final Set<InetAddress> binding = new HashSet<>();
    private List<LocalAddress> known = List.of();
    private int retries;
    private boolean wanted;
    private @Nullable ScheduledFuture<?> retry;

    /** Takes sockets that were bound. */
    interface Taker {
        void add(long now, List<HostBase> bases);
    }

    HostChanges(SessionShell shell, HostSockets sockets, Taker taker) {
        this.shell = shell;
        this.sockets = sockets;
        this.taker = taker;
    }

    /**
     * Gathering has begun with these.
     *
     * @param gaps whether some could not be bound: tentative addresses do not change any more when they can
     */
    void begin(List<LocalAddress> present, boolean gaps) {
        known = present;
        retry(gaps);
    }

    /** The addresses of this machine are these now. */
    void changed(long now, List<LocalAddress> present) {
        Set<InetAddress> addresses = new HashSet<>();
        present.forEach(each -> addresses.add(each.address()));
        for (LocalAddress before : known) {
            if (!addresses.contains(before.address())) {
                lose(now, before);
            }
        }
        known = present;
        retries = 0;
        bindNew();
    }

    /** Gathering found nothing, and is wanted once more: with what can be bound now, if that is anything. */
    void again(long now, List<LocalAddress> present) {
        wanted = true;
        changed(now, present);
        if (binding.isEmpty()) {
            take(now, List.of());
        }
    }

    private void take(long now, List<HostBase> bases) {
        if (wanted || !bases.isEmpty()) {
            wanted = false;
            taker.add(now, bases);
        }
    }

    private void lose(long now, LocalAddress gone) {
        Cause cause = new Cause(
                Cause.Kind.LOCAL_GONE,
                IpAddress.format(gone.address()) + " has gone from the interface " + gone.interfaceName());
        sockets.lose(gone.address()).forEach(base -> shell.engine().baseLost(now, base, cause));
    }

    /** Binds sockets for a stream that is new; completes when the engine has them. */
    CompletableFuture<Void> bind(int stream) {
        HostPlan plan = HostPlan.of(shell.config(), usable());
        List<HostPlan.Place> places =
                plan.places().stream().filter(place -> place.stream() == stream).toList();
        List<HostPlan.Gap> gaps =
                plan.gaps().stream().filter(gap -> gap.stream() == stream).toList();
        return sockets.bind(new HostPlan(places, gaps))
                .thenCompose(done -> shell.commands().run(now -> add(now, done)));
    }

    private List<LocalAddress> usable() {
        return LocalAddresses.usable(known, !shell.config().localAddresses().isEmpty());
    }

    private void add(long now, HostSockets.Bound done) {
        LocalNetwork network = shell.engine().network();
        done.gaps().forEach(gap -> network.missing(now, gap.stream(), gap.component(), gap.where(), gap.why()));
        take(now, done.bases());
    }

    /** Binds what the plan of now has and no socket stands for. */
    private void bindNew() {
        List<LocalAddress> usable = usable();
        Set<InetAddress> bound = new HashSet<>(binding);
        bound.addAll(sockets.addresses());
        HostPlan plan = HostPlan.of(shell.config(), usable);
        List<HostPlan.Place> places = new ArrayList<>(plan.places());
        places.removeIf(place -> bound.contains(place.address().address()) || !usable.contains(place.address()));
        if (places.isEmpty()) {
            return;
        }
        places.forEach(place -> binding.add(place.address().address()));
        sockets.bind(new HostPlan(places, List.of()))
                .thenAccept(done -> shell.perform(now -> bound(now, done, places)));
    }

    private void bound(long now, HostSockets.Bound done, List<HostPlan.Place> places) {
        places.forEach(place -> binding.remove(place.address().address()));
        add(now, done);
        retry(!done.gaps().isEmpty());
    }

    private void retry(boolean gaps) {
        if (gaps && retries < MOST_RETRIES) {
            retries++;
            EventLoop loop = shell.driver().eventLoop();
            retry = loop.schedule(() -> shell.perform(later -> bindNew()), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The session has ended. */
    void end() {
        retries = MOST_RETRIES;
        ScheduledFuture<?> waiting = retry;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
