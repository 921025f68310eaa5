// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Envelope;
import org.jspecify.annotations.Nullable;

/** A remote candidate: signalled, or learnt from a check until it is signalled (RFC 8445 §7.3.1.3). */
final class KnownRemote {

    private final InetSocketAddress address;
    private Candidate candidate;
    private boolean signalled;
    private @Nullable Envelope envelope;

    KnownRemote(Candidate candidate, InetSocketAddress address, boolean signalled) {
        this.candidate = candidate;
        this.address = address;
        this.signalled = signalled;
    }

    boolean isTcp() {
        return candidate.transport().isTcp();
    }

    InetSocketAddress address() {
        return address;
    }

    Candidate candidate() {
        return candidate;
    }

    boolean signalled() {
        return signalled;
    }

    /** What must stand before everything that goes there; null for nothing. */
    @Nullable
    Envelope envelope() {
        return envelope;
    }

    /** Takes what a check from there says; returns whether that is news. */
    boolean wrapsIn(Envelope said) {
        boolean news = !said.equals(envelope);
        envelope = said;
        return news;
    }

    /** What was learnt from a check is now signalled, with its actual type, priority and foundation (RFC 8445 §7.3.1.3). */
    void signalledAs(Candidate actual) {
        candidate = actual;
        signalled = true;
    }
}
