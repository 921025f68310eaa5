// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.turn.Unicast;
import org.jspecify.annotations.Nullable;

/** Asks three addresses of the server how they see us (RFC 5780 §4.3). Not thread-safe. */
final class MappingProbe {

    private final Probes probes;
    private final Base base;
    private final InetSocketAddress server;
    private final Progress progress;
    private @Nullable InetSocketAddress other;
    private @Nullable InetSocketAddress seenFirst;
    private @Nullable InetSocketAddress seenAtOtherAddress;
    private @Nullable InetSocketAddress seenAtOtherPort;
    private int waiting;

    /** Hears how far it has come. */
    interface Progress {

        /** The server has answered or not: {@link #mapped} and {@link #other} are known if ever. */
        void begun(long now);

        void done(long now);
    }

    MappingProbe(Probes probes, NatDiscoverySettings settings, Progress progress) {
        this.probes = probes;
        this.base = settings.mapping();
        this.server = settings.server();
        this.progress = progress;
    }

    void start(long now) {
        probes.send(now, base, server, new First());
    }

    /** How the server sees us, null if it does not answer. */
    @Nullable
    InetSocketAddress mapped() {
        return seenFirst;
    }

    /** The server's other address, null if it has none. */
    @Nullable
    InetSocketAddress other() {
        return other;
    }

    NatDependence result() {
        InetSocketAddress first = seenFirst;
        InetSocketAddress second = seenAtOtherAddress;
        InetSocketAddress third = seenAtOtherPort;
        if (first != null && first.equals(base.address()) && second == null) {
            return NatDependence.ENDPOINT_INDEPENDENT; // no NAT: what has no other address is its own
        }
        if (first == null || second == null) {
            return NatDependence.UNKNOWN;
        }
        if (second.equals(first)) {
            return NatDependence.ENDPOINT_INDEPENDENT;
        }
        if (third == null) {
            return NatDependence.UNKNOWN;
        }
        return third.equals(second) ? NatDependence.ADDRESS_DEPENDENT : NatDependence.ADDRESS_AND_PORT_DEPENDENT;
    }

    private void answered(long now) {
        waiting--;
        if (waiting == 0) {
            progress.done(now);
        }
    }

    private boolean mayAsk(InetSocketAddress named) {
        return named.getAddress().getClass() == server.getAddress().getClass()
                && !named.getAddress().equals(server.getAddress())
                && named.getPort() != server.getPort()
                && Unicast.is(named)
                && Unicast.isMeantFor(server.getAddress(), named.getAddress());
    }

    /** Test I. */
    private final class First implements Probes.Asker {

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            Optional<InetSocketAddress> mapped = Probes.mapped(answer);
            if (!from.equals(server) || mapped.isEmpty()) {
                return false;
            }
            seenFirst = mapped.get();
            // RFC 3489 called it CHANGED-ADDRESS.
            other = answer.get(Attributes.OTHER_ADDRESS)
                    .or(() -> answer.get(Attributes.CHANGED_ADDRESS))
                    .filter(MappingProbe.this::mayAsk)
                    .orElse(null);
            progress.begun(now);
            askOthers(now);
            return true;
        }

        @Override
        public void silent(long now) {
            progress.begun(now);
            progress.done(now);
        }
    }

    private void askOthers(long now) {
        InetSocketAddress alternate = other;
        if (alternate == null) {
            progress.done(now);
            return;
        }
        waiting = 2;
        InetSocketAddress samePort = new InetSocketAddress(alternate.getAddress(), server.getPort());
        probes.send(now, base, samePort, new Other(samePort, true));
        probes.send(now, base, alternate, new Other(alternate, false));
    }

    /** Tests II and III. */
    private final class Other implements Probes.Asker {

        private final InetSocketAddress asked;
        private final boolean samePort;

        Other(InetSocketAddress asked, boolean samePort) {
            this.asked = asked;
            this.samePort = samePort;
        }

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            Optional<InetSocketAddress> mapped = Probes.mapped(answer);
            if (!from.equals(asked) || mapped.isEmpty()) {
                return false;
            }
            if (samePort) {
                seenAtOtherAddress = mapped.get();
            } else {
                seenAtOtherPort = mapped.get();
            }
            MappingProbe.this.answered(now);
            return true;
        }

        @Override
        public void silent(long now) {
            MappingProbe.this.answered(now);
        }
    }
}
