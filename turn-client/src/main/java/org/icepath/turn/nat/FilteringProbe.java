// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ChangeRequest;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/** Lets the server answer from its other addresses, to which nothing was sent (RFC 5780 §4.4). Not thread-safe. */
final class FilteringProbe {

    private static final ChangeRequest BOTH = new ChangeRequest(true, true);
    private static final ChangeRequest PORT = new ChangeRequest(false, true);

    private final Probes probes;
    private final Base base;
    private final InetSocketAddress server;
    private final LongConsumer done;
    private @Nullable InetSocketAddress mapped;
    private boolean cannotSay;
    private boolean fromOtherAddress;
    private boolean fromOtherPort;
    private int waiting;

    FilteringProbe(Probes probes, NatDiscoverySettings settings, LongConsumer done) {
        this.probes = probes;
        this.base = settings.filtering();
        this.server = settings.server();
        this.done = done;
    }

    void start(long now, InetSocketAddress other) {
        probes.send(now, base, server, new First(other));
    }

    /** How the server sees this base, null if it was not asked or did not answer. */
    @Nullable
    InetSocketAddress mapped() {
        return mapped;
    }

    NatDependence result() {
        if (mapped == null || cannotSay) {
            return NatDependence.UNKNOWN;
        }
        if (fromOtherAddress) {
            return NatDependence.ENDPOINT_INDEPENDENT;
        }
        return fromOtherPort ? NatDependence.ADDRESS_DEPENDENT : NatDependence.ADDRESS_AND_PORT_DEPENDENT;
    }

    /** Opens the way to the server, and shows that it is there. */
    private final class First implements Probes.Asker {

        private final InetSocketAddress other;

        First(InetSocketAddress other) {
            this.other = other;
        }

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            Optional<InetSocketAddress> seen = Probes.mapped(answer);
            if (!from.equals(server) || seen.isEmpty()) {
                return false;
            }
            mapped = seen.get();
            waiting = 2;
            change(now, BOTH, other);
            change(now, PORT, new InetSocketAddress(server.getAddress(), other.getPort()));
            return true;
        }

        @Override
        public void silent(long now) {
            done.accept(now);
        }
    }

    private void change(long now, ChangeRequest wanted, InetSocketAddress from) {
        probes.send(
                now, base, server, new Changed(wanted, from), writer -> writer.put(Attributes.CHANGE_REQUEST, wanted));
    }

    /** Tests II and III. */
    private final class Changed implements Probes.Asker {

        private final ChangeRequest wanted;
        private final InetSocketAddress expected;

        Changed(ChangeRequest wanted, InetSocketAddress expected) {
            this.wanted = wanted;
            this.expected = expected;
        }

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            if (from.equals(server) && answer.messageClass() == StunClass.ERROR) {
                cannotSay = true; // it does not do what it was asked for
            } else if (!from.equals(expected)) {
                return false; // answered from where it was asked: that proves nothing
            } else if (wanted.changeIp()) {
                fromOtherAddress = true;
            } else {
                fromOtherPort = true;
            }
            over(now);
            return true;
        }

        @Override
        public void silent(long now) {
            over(now);
        }

        private void over(long now) {
            waiting--;
            if (waiting == 0) {
                done.accept(now);
            }
        }
    }
}
