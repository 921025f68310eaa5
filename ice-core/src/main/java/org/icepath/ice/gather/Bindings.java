// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunParseException;
import org.icepath.stun.TransactionId;
import org.icepath.stun.transaction.ClientTransactions;
import org.icepath.stun.transaction.RetransmitSchedule;
import org.icepath.stun.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Binding transactions with STUN servers: the reflexive address of each base, and the keepalives that hold its binding open
 * (RFC 8445 §5.1.1.2, §5.1.1.4). Not thread-safe.
 */
final class Bindings {

    private static final int CAPACITY = 256;
    /** Requests sent in all: at 0, 0.5, 1.5, 3.5 and 7.5 s. */
    private static final int RC = 5;
    /** The answer is waited for until 9.5 s: what comes later helps no call. */
    private static final int RM = 4;
    /** A single "unreachable" may be forged or pass; the second one is believed. */
    private static final int FAILURES_BELIEVED = 2;

    private final GatherSettings settings;
    private final RandomGenerator random;
    private final Outcome outcome;
    private @Nullable Wire wire;
    private final ClientTransactions<Query> transactions = new ClientTransactions<>(CAPACITY);
    private final Map<Kept, Attempt> kept = new LinkedHashMap<>();
    private long keepaliveAt = Machine.NEVER;

    Bindings(GatherSettings settings, RandomGenerator random, Outcome outcome) {
        this.settings = settings;
        this.random = random;
        this.outcome = outcome;
    }

    /** What it takes to ask, all of it reused; made when there is somebody to be asked. */
    private static final class Wire {
        private final RetransmitSchedule schedule;
        private final BindingCodec codec;

        Wire(GatherSettings settings) {
            schedule = new RetransmitSchedule(
                    settings.rto().toNanos(), RC, RM, RetransmitSchedule.RFC8489.reliableTimeoutNanos());
            codec = new BindingCodec(settings.stun());
        }
    }

    private Wire wire() {
        if (wire == null) {
            wire = new Wire(settings);
        }
        return wire;
    }

    /** What became of an attempt. */
    interface Outcome {
        /** @param server which answered: the one that was asked, or one that it has sent us on to */
        void mapped(long now, Attempt attempt, InetSocketAddress server, InetSocketAddress mapped);

        void unmapped(long now, Attempt attempt, String why);
    }

    void ask(long now, Attempt attempt) {
        if (transactions.isFull()) {
            outcome.unmapped(now, attempt, CAPACITY + " requests wait already");
            return;
        }
        BindingServer server = new BindingServer(attempt);
        send(now, new Query(attempt, server), server.address());
    }

    /** The server of an attempt has answered: what else was asked of it from there, at other addresses, is of no use any more. */
    void cancel(Attempt answered) {
        forget(each -> !each.owner().isKeepalive() && each.owner().attempt.isAsBy(answered));
    }

    /** How many attempts have no outcome yet. */
    long open() {
        if (transactions.isEmpty()) {
            return 0; // asked after every timeout
        }
        return transactions.waiting().stream()
                .filter(each -> !each.owner().isKeepalive())
                .count();
    }

    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (transactions.isEmpty() || !StunMessage.isStun(payload)) {
            return false;
        }
        try {
            return answered(now, base, from, wire().codec.read(payload));
        } catch (StunParseException e) {
            // an answer that cannot be read may be forged: the good one may still come
            return false;
        }
    }

    private boolean answered(long now, Base base, InetSocketAddress from, StunMessage answer) {
        StunClass answerClass = answer.messageClass();
        if (answerClass != StunClass.SUCCESS && answerClass != StunClass.ERROR) {
            return false;
        }
        Transaction<Query> transaction =
                transactions.find(answer.transactionId()).orElse(null);
        if (transaction == null
                || !transaction.base().equals(base)
                || !transaction.to().equals(from)
                || (answer.has(Attributes.FINGERPRINT) && !answer.fingerprintMatches())) {
            return false;
        }
        Query query = transaction.owner();
        if (answerClass == StunClass.ERROR) {
            transactions.complete(transaction.id());
            refused(now, query, answer);
            return true;
        }
        Optional<InetSocketAddress> mapped = answer.get(Attributes.XOR_MAPPED_ADDRESS);
        // a server of RFC 3489's time knows the plain attribute alone
        InetSocketAddress address =
                mapped.or(() -> answer.get(Attributes.MAPPED_ADDRESS)).orElse(null);
        if (address == null) {
            return true;
        }
        transactions.complete(transaction.id());
        keep(now, query.attempt, from);
        if (!query.isKeepalive()) {
            outcome.mapped(now, query.attempt, from, address);
        }
        return true;
    }

    private void refused(long now, Query query, StunMessage answer) {
        ErrorCode error = answer.get(Attributes.ERROR_CODE).orElse(new ErrorCode(500, ""));
        if (query.server != null && query.server.follow(error, answer)) {
            send(now, new Query(query.attempt, query.server), query.server.address());
        } else {
            failed(now, query, "the server refused with " + error);
        }
    }

    private void failed(long now, Query query, String why) {
        if (!query.isKeepalive()) {
            outcome.unmapped(now, query.attempt, why);
        }
    }

    private void keep(long now, Attempt attempt, InetSocketAddress server) {
        kept.putIfAbsent(new Kept(attempt.local().base(), server), attempt);
        if (keepaliveAt == Machine.NEVER) {
            keepaliveAt = now + keepaliveNanos();
        }
    }

    private long keepaliveNanos() {
        return (long) (settings.keepalive().toNanos() * random.nextDouble(0.8, 1.0));
    }

    /** The candidates are in use or given up: their bindings need no more care. */
    void stopKeepalives() {
        kept.clear();
        keepaliveAt = Machine.NEVER;
    }

    /** Forgets a base whose candidates are no longer needed. */
    void remove(Base base) {
        kept.keySet().removeIf(each -> each.base().equals(base));
        forget(each -> each.base().equals(base));
    }

    private void forget(Predicate<Transaction<Query>> gone) {
        List<TransactionId> ids = new ArrayList<>();
        transactions.waiting().stream().filter(gone).forEach(each -> ids.add(each.id()));
        ids.forEach(transactions::forget);
    }

    void clear() {
        stopKeepalives();
        transactions.clear();
    }

    void handleTimeout(long now) {
        transactions.handleTimeout(now);
        for (Optional<Transaction<Query>> late = transactions.pollTimedOut();
                late.isPresent();
                late = transactions.pollTimedOut()) {
            failed(now, late.get().owner(), silence(now, late.get()));
        }
        if (keepaliveAt <= now) {
            keepaliveAt = now + keepaliveNanos();
            kept.forEach((binding, attempt) -> {
                if (!transactions.isFull()) {
                    send(now, new Query(attempt, null), binding.server());
                }
            });
        }
    }

    private static String silence(long now, Transaction<Query> late) {
        String after = String.format(Locale.ROOT, "%.1f s", (now - late.sentAt()) / 1e9);
        return "no answer from " + CandidateAddress.of(late.to()) + " within " + after + late.owner().trouble;
    }

    long nextTimeout() {
        return Math.min(keepaliveAt, transactions.nextTimeout());
    }

    void drainTransmits(Output<?> out) {
        transactions.drainTransmits(out);
    }

    void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        List<Transaction<Query>> hit = transactions.waiting().stream()
                .filter(each -> each.base().equals(base) && each.to().equals(to))
                .toList();
        for (Transaction<Query> transaction : hit) {
            Query query = transaction.owner();
            query.trouble = "; the network said: " + cause.detail();
            if (++query.failures >= FAILURES_BELIEVED) {
                transactions.forget(transaction.id());
                failed(now, query, "the network said: " + cause.detail());
            }
        }
    }

    private void send(long now, Query query, InetSocketAddress to) {
        TransactionId id = TransactionId.next(random);
        ByteBuffer request = wire().codec.request(id);
        Base base = query.attempt.local().base();
        transactions.start(now, id, query, base, to, request, wire().schedule);
    }

    private record Kept(Base base, InetSocketAddress server) {}

    /** Why a request was sent, and what the network said about it. */
    private static final class Query {
        private final Attempt attempt;
        private final @Nullable BindingServer server;
        private int failures;
        private String trouble = "";

        /** @param server where it goes; null where a binding is kept alive, which no answer sends elsewhere */
        Query(Attempt attempt, @Nullable BindingServer server) {
            this.attempt = attempt;
            this.server = server;
        }

        boolean isKeepalive() {
            return server == null;
        }
    }
}
