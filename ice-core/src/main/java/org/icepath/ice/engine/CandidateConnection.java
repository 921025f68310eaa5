// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** One connection between a TCP candidate of ours and a peer, in the making or standing. Not thread-safe. */
final class CandidateConnection {

    /**
     * Its two ends as agents know them; there is one connection between the two at a time.
     *
     * @param candidate the base of our candidate
     * @param remote the peer's transport address
     */
    record Ends(Base candidate, InetSocketAddress remote) {}

    private final Ends ends;
    private @Nullable Base base;
    private boolean open;
    private boolean identified;
    private long deadline;
    private long passedAt;

    private CandidateConnection(@Nullable Base base, Ends ends, boolean open, boolean identified, long deadline) {
        this.base = base;
        this.ends = ends;
        this.open = open;
        this.identified = identified;
        this.deadline = deadline;
    }

    /**
     * One that was asked for; who makes it knows when it is to be given up.
     *
     * @param base null where a relay's server makes it, and has not said yet over which connection it is carried
     */
    static CandidateConnection asked(@Nullable Base base, Ends ends, long never) {
        return new CandidateConnection(base, ends, false, true, never);
    }

    /** One that a peer has opened, who has until {@code deadline} to say who he is. */
    static CandidateConnection accepted(Base base, Ends ends, long deadline) {
        return new CandidateConnection(base, ends, true, false, deadline);
    }

    Ends ends() {
        return ends;
    }

    /** What it is called towards the shell; null while nobody knows. */
    @Nullable
    Base base() {
        return base;
    }

    boolean isOpen() {
        return open;
    }

    void opened(Base as) {
        base = as;
        open = true;
    }

    /** Whether it is wanted by us, or by a peer who has authenticated. */
    boolean isIdentified() {
        return identified;
    }

    void identified() {
        identified = true;
    }

    /** When it is given up, unless something passes before. */
    long deadline() {
        return deadline;
    }

    void deadline(long at) {
        deadline = at;
    }

    /** When something last passed. */
    long passedAt() {
        return passedAt;
    }

    void passedAt(long now) {
        passedAt = now;
    }
}
