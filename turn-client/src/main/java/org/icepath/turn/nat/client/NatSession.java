// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocket;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;
import org.icepath.turn.nat.NatDiscovery;
import org.icepath.turn.nat.NatDiscoverySettings;
import org.icepath.turn.nat.NatEvent;
import org.icepath.turn.nat.NatReport;

/** One discovery with its sockets, all of them closed when it ends. */
final class NatSession {

    private static final int MAPPING_AND_FILTERING = 2;

    private final InetSocketAddress server;
    private final InetAddress local;
    private final Consumer<? super NatEvent> listener;
    private final NatDiscovery discovery;
    private final MachineDriver<NatEvent> driver;
    private final CompletableFuture<NatReport> report = new CompletableFuture<>();

    NatSession(
            EventLoops loops,
            InetSocketAddress server,
            InetAddress local,
            SecureRandom random,
            Consumer<? super NatEvent> listener) {
        this.server = server;
        this.local = local;
        this.listener = listener;
        this.discovery = new NatDiscovery(random);
        this.driver =
                new MachineDriver<>("NAT discovery at " + server, loops, loops.next(), discovery, this::handleEvent);
    }

    CompletableFuture<NatReport> run(List<Duration> silences) {
        List<CompletableFuture<UdpSocket>> sockets = new ArrayList<>();
        for (int i = 0; i < MAPPING_AND_FILTERING + silences.size(); i++) {
            sockets.add(driver.open(UdpSocketOptions.at(local)));
        }
        CompletableFuture.allOf(sockets.toArray(CompletableFuture<?>[]::new)).whenComplete((each, failure) -> {
            if (failure == null) {
                List<Base> bases =
                        sockets.stream().map(socket -> socket.join().base()).toList();
                driver.perform(now -> discovery.start(now, settings(bases, silences)));
            } else {
                report.completeExceptionally(failure);
            }
        });
        report.whenComplete((done, failure) -> driver.close());
        return report;
    }

    /** Ends it: the report fails, and the sockets are closed. */
    void cancel(IOException why) {
        report.completeExceptionally(why);
    }

    private NatDiscoverySettings settings(List<Base> bases, List<Duration> silences) {
        Map<Base, Duration> silent = new HashMap<>();
        for (int i = 0; i < silences.size(); i++) {
            silent.put(bases.get(MAPPING_AND_FILTERING + i), silences.get(i));
        }
        return new NatDiscoverySettings(server, bases.get(0), bases.get(1), silent);
    }

    private void handleEvent(NatEvent event) {
        listener.accept(event);
        if (event instanceof NatEvent.Finished finished) {
            report.complete(finished.report());
        }
    }
}
