// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.transaction;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one machine that wait for their answers, with their retransmission (RFC 8489 §6.2).
 *
 * <p>Not thread-safe; confined to the machine that owns it, which calls {@link #handleTimeout}, then {@link #pollTimedOut} until it
 * is empty, and {@link #drainTransmits} when it is drained itself. At most {@code capacity} transactions wait at a time.
 *
 * @param <K> what a request was sent for: a candidate pair, a server, an allocation's refresh
 */
public final class ClientTransactions<K> {

    private static final RequestRewriter UNCHANGED = (request, transmission) -> {};

    private final int capacity;
    private final Map<TransactionId, Transaction<K>> waiting = new LinkedHashMap<>(4);
    private final ArrayDeque<Transaction<K>> due = new ArrayDeque<>(1);
    private final ArrayDeque<Transaction<K>> timedOut = new ArrayDeque<>(1);
    private long next = Machine.NEVER;
    private boolean nextIsStale;

    /**
     * Makes an empty set.
     *
     * @param capacity how many transactions may wait at a time, at least 1
     */
    public ClientTransactions(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * Begins a transaction: the request goes out with the next {@link #drainTransmits} and is repeated as the schedule says.
     *
     * <p>When the set is full, the oldest cancelled transaction makes room.
     *
     * @param request a whole message from position to limit; copied, and not changed
     * @throws IllegalArgumentException when a transaction with this id waits already
     * @throws IllegalStateException when the set is full and none is cancelled; {@link #isFull} tells before
     */
    public void start(
            long now,
            TransactionId id,
            K owner,
            Base base,
            InetSocketAddress to,
            ByteBuffer request,
            RetransmitSchedule schedule) {
        start(now, id, owner, base, to, request, schedule, UNCHANGED);
    }

    /**
     * As {@link #start(long, TransactionId, Object, Base, InetSocketAddress, ByteBuffer, RetransmitSchedule)}, with a request that is
     * not the same each time.
     *
     * @param rewriter called before each retransmission, from within {@link #drainTransmits}
     */
    public void start(
            long now,
            TransactionId id,
            K owner,
            Base base,
            InetSocketAddress to,
            ByteBuffer request,
            RetransmitSchedule schedule,
            RequestRewriter rewriter) {
        if (waiting.containsKey(id)) {
            throw new IllegalArgumentException("transaction " + id + " waits already");
        }
        if (waiting.size() >= capacity && !forgetOldestCancelled()) {
            throw new IllegalStateException(capacity + " transactions wait already");
        }
        Transaction<K> transaction = new Transaction<>(now, id, owner, base, to, request, schedule, rewriter);
        waiting.put(id, transaction);
        due.add(transaction);
        next = Math.min(next, transaction.deadline());
    }

    /** The transaction that waits for an answer with this id, cancelled or not. */
    public Optional<Transaction<K>> find(TransactionId id) {
        return Optional.ofNullable(waiting.get(id));
    }

    /**
     * Ends a transaction, because its answer has come and is good.
     *
     * @throws IllegalArgumentException when none waits with this id
     */
    public Transaction<K> complete(TransactionId id) {
        Transaction<K> transaction = remove(id);
        if (transaction == null) {
            throw new IllegalArgumentException("no transaction " + id + " waits");
        }
        return transaction;
    }

    /**
     * Stops sending a request, but still takes its answer for as long as the transaction would have lasted (RFC 8445 §7.3.1.4). Its
     * end is then no failure and is not reported. Without effect when none waits with this id.
     */
    public void cancel(TransactionId id) {
        Transaction<K> transaction = waiting.get(id);
        if (transaction != null) {
            transaction.cancel();
            nextIsStale = true;
        }
    }

    /**
     * Stops sending a request as {@link #cancel} does, but sends it one last time now: there is a reason to think that it would
     * get through this time. Without effect when none waits with this id.
     */
    public void cancelWithLastRequest(long now, TransactionId id) {
        Transaction<K> transaction = waiting.get(id);
        if (transaction != null) {
            cancel(id);
            transaction.resendAt(now);
            due.add(transaction);
        }
    }

    /** Drops a transaction: an answer is no longer found. Without effect when none waits with this id. */
    public void forget(TransactionId id) {
        remove(id);
    }

    /** Drops all transactions, and the time-outs that were not polled yet. */
    public void clear() {
        waiting.values().forEach(Transaction::end);
        waiting.clear();
        due.clear();
        timedOut.clear();
        next = Machine.NEVER;
        nextIsStale = false;
    }

    /** Lets every deadline that has come by {@code now} take effect. Early and late calls are harmless. */
    public void handleTimeout(long now) {
        if (nextTimeout() > now) {
            return;
        }
        for (Iterator<Transaction<K>> each = waiting.values().iterator(); each.hasNext(); ) {
            Transaction<K> transaction = each.next();
            if (transaction.deadline() > now) {
                continue;
            }
            if (transaction.transmitsAgain()) {
                transaction.transmitAt(now);
                due.add(transaction);
                continue;
            }
            each.remove();
            transaction.end();
            if (!transaction.cancelled()) {
                timedOut.add(transaction);
            }
        }
        nextIsStale = true;
    }

    /** When {@link #handleTimeout} should be called next, or {@link Machine#NEVER}. */
    public long nextTimeout() {
        if (nextIsStale) {
            next = Machine.NEVER;
            for (Transaction<K> transaction : waiting.values()) {
                next = Math.min(next, transaction.deadline());
            }
            nextIsStale = false;
        }
        return next;
    }

    /** Sends what is due. The buffers that it hands over are valid during the call only. */
    public void drainTransmits(Output<?> out) {
        for (Transaction<K> transaction = due.poll(); transaction != null; transaction = due.poll()) {
            transaction.drainTo(out);
        }
    }

    /** The next transaction that has failed for want of an answer; it waits no longer. */
    public Optional<Transaction<K>> pollTimedOut() {
        return Optional.ofNullable(timedOut.poll());
    }

    /** Whether {@link #start} would throw. */
    public boolean isFull() {
        return waiting.size() >= capacity && waiting.values().stream().noneMatch(Transaction::cancelled);
    }

    /** Whether no transaction waits. */
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The transactions that wait, oldest first; a live view, for reports. */
    public Collection<Transaction<K>> waiting() {
        return Collections.unmodifiableCollection(waiting.values());
    }

    private boolean forgetOldestCancelled() {
        for (Transaction<K> transaction : waiting.values()) {
            if (transaction.cancelled()) {
                remove(transaction.id());
                return true;
            }
        }
        return false;
    }

    private @Nullable Transaction<K> remove(TransactionId id) {
        Transaction<K> transaction = waiting.remove(id);
        if (transaction != null) {
            transaction.end();
            nextIsStale |= transaction.deadline() <= next;
        }
        return transaction;
    }
}
