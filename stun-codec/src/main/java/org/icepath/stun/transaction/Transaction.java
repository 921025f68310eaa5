// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.transaction;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.TransactionId;

/**
 * One request that waits for its answer, and what became of it so far.
 *
 * <p>Not thread-safe; changed by its {@link ClientTransactions} only.
 *
 * @param <K> what the request was sent for
 */
public final class Transaction<K> {

    private final TransactionId id;
    private final K owner;
    private final Base base;
    private final InetSocketAddress to;
    private final ByteBuffer request;
    private final RetransmitSchedule schedule;
    private final RequestRewriter rewriter;
    private final long sentAt;
    private long lastSentAt;
    private int transmissions;
    private boolean cancelled;
    private boolean due;
    private long deadline;

    Transaction(
            long now,
            TransactionId id,
            K owner,
            Base base,
            InetSocketAddress to,
            ByteBuffer request,
            RetransmitSchedule schedule,
            RequestRewriter rewriter) {
        this.id = Objects.requireNonNull(id, "id");
        this.owner = Objects.requireNonNull(owner, "owner");
        this.base = Objects.requireNonNull(base, "base");
        this.to = Objects.requireNonNull(to, "to");
        this.rewriter = Objects.requireNonNull(rewriter, "rewriter");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.request = ByteBuffer.allocate(request.remaining());
        this.request.put(0, request, request.position(), request.remaining());
        this.sentAt = now;
        transmitAt(now);
    }

    /** The id that the answer must repeat. */
    public TransactionId id() {
        return id;
    }

    /** What the request was sent for. */
    public K owner() {
        return owner;
    }

    /** Where it was sent from. */
    public Base base() {
        return base;
    }

    /** Where it was sent to. */
    public InetSocketAddress to() {
        return to;
    }

    /** When it was sent first. */
    public long sentAt() {
        return sentAt;
    }

    /** When it was sent last. */
    public long lastSentAt() {
        return lastSentAt;
    }

    /** How often it was sent, at least 1. */
    public int transmissions() {
        return transmissions;
    }

    /** Whether it is not sent again, though an answer is still welcome (RFC 8445 §7.3.1.4). */
    public boolean cancelled() {
        return cancelled;
    }

    /**
     * The round-trip time that an answer at {@code now} shows, in nanoseconds; empty after a retransmission, when nobody can tell
     * which request was answered (RFC 8489 §6.2.1, Karn's algorithm).
     */
    public OptionalLong roundTripNanos(long now) {
        return transmissions == 1 ? OptionalLong.of(now - sentAt) : OptionalLong.empty();
    }

    long deadline() {
        return deadline;
    }

    /** Whether its deadline means another transmission, not the end. */
    boolean transmitsAgain() {
        return !cancelled && !schedule.isLast(transmissions, base.transport().reliable());
    }

    void transmitAt(long now) {
        due = true;
        lastSentAt = now;
        transmissions++;
        deadline = now + schedule.intervalAfter(transmissions, base.transport().reliable());
    }

    void cancel() {
        cancelled = true;
        due = false;
        deadline = sentAt + schedule.timeoutNanos(base.transport().reliable());
    }

    /** Sends it once more, beside the schedule; which request an answer belongs to can then no longer be told. */
    void resendAt(long now) {
        due = true;
        lastSentAt = now;
        transmissions++;
    }

    void end() {
        due = false;
    }

    void drainTo(Output<?> out) {
        if (due) {
            due = false;
            if (transmissions > 1) {
                rewriter.rewrite(request.clear(), transmissions);
            }
            out.transmit(base, to, request.clear());
        }
    }

    @Override
    public String toString() {
        return "Transaction[" + id + " for " + owner + " from " + base + " to " + to + ", sent " + transmissions
                + (cancelled ? " times, cancelled]" : " times]");
    }
}
