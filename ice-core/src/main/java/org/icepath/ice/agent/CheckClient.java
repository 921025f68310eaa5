// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.CheckForm;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.TransactionId;
import org.icepath.stun.transaction.ClientTransactions;
import org.icepath.stun.transaction.RetransmitSchedule;
import org.icepath.stun.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** Sends checks and reads the answers (RFC 8445 §7.2). What they mean for the pairs is {@link CheckResults}' business. */
final class CheckClient {

    /** Requests that may wait at a time, at least. */
    private static final int LEAST_ROOM = 512;

    static final int TRANSACTION_ID_OFFSET = 8; // RFC 8489 §5

    /** Requests of a pair of the limit: checks make as many pairs again, each in two forms, and consent is checked besides. */
    private static final int ROOM_FOR_A_PAIR = 5;

    /** Retransmissions are spread by up to this part of the RTO, so that many agents do not fall into step. */
    private static final int RTO_SPREAD = 50;

    /** A request that left less than this ago is not worth sending again. */
    private static final long JUST_NOW_NANOS = 10_000_000;

    /** A consent check is not sent again and counts as lost after 10 times 500 ms (RFC 7675 §5.1). */
    private static final int CONSENT_RM = 10;

    /** A reserve is asked three times: it is asked seldom, and one lost packet says nothing. */
    private static final int PROBE_RC = 3;

    private static final int PROBE_RM = 4;

    private final AgentContext context;
    private final CheckResults results;
    private final int room;
    private final ClientTransactions<Check> transactions;
    private final RetransmitSchedule consentSchedule;
    private final RetransmitSchedule probeSchedule;

    CheckClient(AgentContext context, CheckResults results) {
        this.context = context;
        this.results = results;
        room = Math.max(LEAST_ROOM, ROOM_FOR_A_PAIR * context.settings().maxPairs());
        transactions = new ClientTransactions<>(room);
        Duration rto = context.settings().timings().rto();
        RetransmitSchedule rfc = RetransmitSchedule.RFC8489;
        consentSchedule = new RetransmitSchedule(rto.toNanos(), 1, CONSENT_RM, rfc.reliableTimeoutNanos());
        probeSchedule = new RetransmitSchedule(rto.toNanos(), PROBE_RC, PROBE_RM, rfc.reliableTimeoutNanos());
    }

    /** Begins a check of a pair: its first form goes out now, others wait for their beats. */
    void check(long now, CheckPair pair, boolean nominates, boolean triggered) {
        cancel(pair);
        if (!PairLinks.mayCheck(pair)) {
            results.fail(pair, "the peer's connection has ended, and it has opened no other");
            return;
        }
        boolean again = pair.nominatesAgain() && context.roles().controlling();
        pair.nominatesAgain(false);
        Attempt attempt = new Attempt(pair, forms(pair), nominates || again, triggered, now);
        pair.attempt(attempt);
        if (pair.state() != PairState.SUCCEEDED) {
            pair.state(PairState.IN_PROGRESS);
        }
        if (pair.link() == PairLink.NOT_NEEDED || pair.link() == PairLink.OPEN) {
            sendNextForm(now, attempt);
        } else {
            connect(pair);
        }
    }

    /** The check waits for its connection (RFC 6544 §7.1). */
    private void connect(CheckPair pair) {
        if (pair.link() == PairLink.ABSENT) {
            pair.link(PairLink.WANTED);
            context.outbox().event(new AgentEvent.ConnectionWanted(pair.base(), pair.remoteAddress()));
        }
    }

    /** Sends the next form of a check. */
    void sendNextForm(long now, Attempt attempt) {
        boolean useCandidate = attempt.nominates()
                || (context.roles().controlling() && context.rules().nominatesWithFirstCheck());
        if (send(now, attempt.pair(), attempt.nextForm(), attempt, useCandidate, checkSchedule())) {
            attempt.pair().traffic().requestSent(now);
        }
        if (attempt.hasMoreForms()) {
            attempt.pair().list().moreForms(attempt);
        }
    }

    /** Sends a check that renews consent; it is not sent again, and its loss is no failure (RFC 7675 §5.1). */
    void renewConsent(long now, CheckPair pair) {
        if (send(now, pair, understood(pair), null, false, consentSchedule)) {
            pair.traffic().consentRequestSent(now);
        }
    }

    /** Sends a check that shows whether a reserve still works; its loss is no failure. */
    void probe(long now, CheckPair pair) {
        if (send(now, pair, understood(pair), null, false, probeSchedule)) {
            pair.traffic().requestSent(now);
        }
    }

    /** Sends a Binding indication (RFC 8445 §11). */
    void keepAlive(CheckPair pair) {
        ByteBuffer indication = context.codec().keepalive(understood(pair), context.random());
        context.outbox().send(pair.base(), pair.remoteAddress(), pair.envelope(), indication);
    }

    /** The form that the peer has answered in on this pair, as long as it is one for this peer; else all of those. */
    private List<CheckForm> forms(CheckPair pair) {
        List<CheckForm> forms = context.settings().checks().forms(context.traits());
        CheckForm understood = pair.understood();
        return understood != null && forms.size() > 1 && forms.contains(understood) ? List.of(understood) : forms;
    }

    private CheckForm understood(CheckPair pair) {
        return forms(pair).get(0);
    }

    /** @return false when there is no room for it */
    private boolean send(
            long now,
            CheckPair pair,
            CheckForm form,
            @Nullable Attempt attempt,
            boolean useCandidate,
            RetransmitSchedule schedule) {
        PeerCredentials credentials = pair.list().credentials();
        if (credentials == null) {
            throw new IllegalStateException("a check without remote credentials on " + pair);
        }
        boolean numbered = attempt != null && attempt.nominates() && context.renominates();
        int nomination = numbered ? pair.nomination() : 0;
        Check check = new Check(pair, form, attempt, context.roles().role(), useCandidate, nomination);
        if (transactions.isFull()) {
            results.formFailed(now, check, "not sent: " + room + " checks are on their way");
            return false;
        }
        TransactionId id = TransactionId.next(context.random());
        ByteBuffer request = context.codec().request(check, id, credentials, context.roles(), 1);
        transactions.start(
                now,
                id,
                check,
                pair.base(),
                pair.remoteAddress(),
                request,
                schedule,
                (last, transmission) -> rewrite(last, check, id, credentials, transmission));
        return true;
    }

    private void rewrite(
            ByteBuffer last, Check check, TransactionId id, PeerCredentials credentials, int transmission) {
        if (check.form().countsTransmissions()) {
            ByteBuffer next = context.codec().request(check, id, credentials, context.roles(), transmission);
            last.put(0, next, next.position(), Math.min(last.remaining(), next.remaining()));
        }
    }

    private RetransmitSchedule checkSchedule() {
        RandomGenerator random = context.random();
        long rto = context.settings().timings().rto().toNanos();
        RetransmitSchedule rfc = RetransmitSchedule.RFC8489;
        return new RetransmitSchedule(
                rto + random.nextLong(rto / RTO_SPREAD), rfc.rc(), rfc.rm(), rfc.reliableTimeoutNanos());
    }

    /** Cancels what is on its way for a pair: no retransmission, no failure, but answers are still good (RFC 8445 §7.3.1.4). */
    void cancel(CheckPair pair) {
        if (pair.attempt() == null) {
            return;
        }
        pair.attempt(null);
        for (Transaction<Check> transaction : List.copyOf(transactions.waiting())) {
            if (transaction.owner().pair() == pair && transaction.owner().attempt() != null) {
                transactions.cancel(transaction.id());
            }
        }
    }

    /**
     * Cancels what is on its way for a pair because the peer's own check has arrived on it: a last request goes out at once. What
     * stopped ours, a NAT that had not seen the peer send or plain loss, may not stop it now (RFC 8445 §7.3.1.4: "as soon as
     * possible"), and unlike a new check it takes no beat.
     */
    void supersede(long now, CheckPair pair) {
        if (pair.attempt() == null) {
            return;
        }
        pair.attempt(null);
        for (Transaction<Check> transaction : List.copyOf(transactions.waiting())) {
            boolean concerned = transaction.owner().pair() == pair
                    && transaction.owner().attempt() != null
                    && !transaction.cancelled();
            if (concerned && now - transaction.lastSentAt() >= JUST_NOW_NANOS) {
                transactions.cancelWithLastRequest(now, transaction.id());
            } else if (concerned) {
                transactions.cancel(transaction.id());
            }
        }
    }

    /**
     * Drops what is on its way for a pair: answers are no longer wanted.
     *
     * @return how many requests that were
     */
    int forget(CheckPair pair) {
        pair.attempt(null);
        int requests = 0;
        for (Transaction<Check> transaction : List.copyOf(transactions.waiting())) {
            if (transaction.owner().pair() == pair) {
                requests += transaction.transmissions();
                transactions.forget(transaction.id());
            }
        }
        return requests;
    }

    /** Drops everything. */
    void clear() {
        transactions.clear();
    }

    /**
     * Takes an answer (RFC 8445 §7.2.5).
     *
     * @return false when it answers no check of ours
     * @throws org.icepath.stun.StunParseException when it cannot be read
     */
    boolean handleResponse(long now, Base base, InetSocketAddress from, ByteBuffer datagram) {
        TransactionId id = TransactionId.readFrom(datagram, datagram.position() + TRANSACTION_ID_OFFSET);
        Optional<Transaction<Check>> found = transactions.find(id);
        if (found.isEmpty()) {
            return false;
        }
        Transaction<Check> transaction = found.get();
        Check check = transaction.owner();
        FormCodec codec = context.codec().codec(check.form());
        if (!codec.mayRead(datagram)) {
            return false;
        }
        StunMessage response = codec.readAnswer(datagram);
        PeerCredentials credentials = check.pair().list().credentials();
        if (credentials == null || !context.codec().fromPeer(response, credentials)) {
            // RFC 8489 §9.1.4: as if it had never come. An attacker
            // off the path can send such; he must not end a check.
            context.outbox().ignored("answer without valid integrity on " + check.pair());
            return true;
        }
        handleAuthentic(now, base, from, transaction, response);
        return true;
    }

    private void handleAuthentic(
            long now, Base base, InetSocketAddress from, Transaction<Check> transaction, StunMessage response) {
        Check check = transaction.owner();
        if (response.messageClass() == StunClass.ERROR) {
            ErrorCode error = response.get(Attributes.ERROR_CODE).orElse(new ErrorCode(500, "error without a code"));
            transactions.complete(transaction.id());
            check.pair().traffic().refused(now);
            results.refused(now, check, error);
            return;
        }
        Optional<InetSocketAddress> mapped = response.get(Attributes.XOR_MAPPED_ADDRESS);
        transactions.complete(transaction.id());
        check.pair().traffic().answered(now, transaction.roundTripNanos(now).orElse(-1));
        boolean symmetric = from.equals(transaction.to()) && base.equals(transaction.base());
        if (!symmetric) {
            // RFC 8445 §7.2.5.2.1
            results.formFailed(
                    now,
                    check,
                    "answered from " + CandidateAddress.of(from) + " instead of "
                            + CandidateAddress.of(transaction.to()));
        } else if (mapped.isEmpty()) {
            results.formFailed(now, check, "answered without XOR-MAPPED-ADDRESS");
        } else {
            succeeded(now, transaction, response, mapped.get());
        }
    }

    private void succeeded(long now, Transaction<Check> transaction, StunMessage response, InetSocketAddress mapped) {
        Check check = transaction.owner();
        if (context.learn(check.form(), response)) {
            dropUnreadable(now);
        }
        endOthers(check);
        check.pair().health().countLoss(TransmissionCounts.loss(transaction, response));
        long roundTrip =
                TransmissionCounts.roundTripNanos(now, transaction, response).orElse(-1);
        results.succeeded(now, check, mapped, roundTrip);
    }

    /** More is known of the peer: forms that it cannot read are given up, whether they are on their way or not. */
    void dropUnreadable(long now) {
        Predicate<CheckForm> readable = form -> context.settings().checks().mayBeRead(form, context.traits());
        for (Transaction<Check> transaction : List.copyOf(transactions.waiting())) {
            Check check = transaction.owner();
            if (!readable.test(check.form())) {
                transactions.forget(transaction.id());
                results.formFailed(now, check, "the peer writes otherwise than " + check.form());
            }
        }
        context.lists().pairs().toList().forEach(pair -> {
            Attempt attempt = pair.attempt();
            if (attempt != null && attempt.retain(readable)) {
                pair.attempt(null);
                results.fail(pair, "the peer read none of our checks");
            }
        });
    }

    /** A check has succeeded: whatever else is on its way for the pair is not needed, except a nomination. */
    private void endOthers(Check check) {
        Attempt current = check.pair().attempt();
        boolean otherNominates = current != null && current.nominates() && current != check.attempt();
        if (check.attempt() != null && !otherNominates) {
            cancel(check.pair());
        }
    }

    void handleTimeout(long now) {
        transactions.handleTimeout(now);
        for (Optional<Transaction<Check>> lost = transactions.pollTimedOut();
                lost.isPresent();
                lost = transactions.pollTimedOut()) {
            Transaction<Check> transaction = lost.get();
            results.formFailed(now, transaction.owner(), "no answer to " + transaction.transmissions() + " requests");
        }
    }

    long nextTimeout() {
        return transactions.nextTimeout();
    }

    void drainTo(Output<?> out) {
        boolean companions = context.settings().checks().sendsCompanions(context.traits());
        boolean asTheyAre = !companions && !context.wraps();
        transactions.drainTransmits(asTheyAre ? out : new CheckOutput(out, transactions, companions));
    }
}
