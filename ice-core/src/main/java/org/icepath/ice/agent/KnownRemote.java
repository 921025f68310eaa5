// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Envelope;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** A remote candidate: signalled, or learnt from a check until it is signalled (RFC 8445 §7.3.1.3). */
final class KnownRemote {

    private final InetSocketAddress address;
    private Candidate candidate;
    private @Nullable Base learntAt;
    private @Nullable Envelope envelope;

    private KnownRemote(Candidate candidate, InetSocketAddress address, @Nullable Base learntAt) {
        this.candidate = candidate;
        this.address = address;
        this.learntAt = learntAt;
    }

    static KnownRemote signalled(Candidate candidate, InetSocketAddress address) {
        return new KnownRemote(candidate, address, null);
    }

    /** @param base where the check arrived */
    static KnownRemote learnt(Candidate candidate, InetSocketAddress address, Base base) {
        return new KnownRemote(candidate, address, base);
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
        return learntAt == null;
    }

    /** Whether it was learnt from a check that came to this base, and not signalled since. */
    boolean isLearntAt(Base base) {
        return base.equals(learntAt);
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
        learntAt = null;
    }
}
