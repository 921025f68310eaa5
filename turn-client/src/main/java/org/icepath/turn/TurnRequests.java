// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ERROR_CODE;
import static org.icepath.stun.Attributes.UNKNOWN_ATTRIBUTES;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.transaction.ClientTransactions;
import org.icepath.stun.transaction.RetransmitSchedule;
import org.icepath.stun.transaction.Transaction;
import org.icepath.turn.TurnAuthentication.Challenge;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one allocation that wait for their answers: signs them, repeats them after a challenge, and decides which answers
 * count (RFC 8489 §9.2.5). Not thread-safe.
 *
 * <p>An answer to a signed request counts only if its integrity is right; 401, 438 and 300 cannot have any and only ever lead to
 * another attempt. An answer that does not count is remembered for the report; over datagrams the request goes on waiting.
 */
final class TurnRequests {

    /** Takes answers that concern the allocation and not the one request. */
    interface AllocationListener {

        /** The server sends us elsewhere; answers whether we go there, and the request is given up. */
        boolean redirected(long now, TurnRequest request, StunMessage answer);

        /** Where a challenge is to be answered, if not at the server that sent it. */
        Optional<InetSocketAddress> challengedElsewhere(TurnRequest request, StunMessage answer);

        /** The server knows no such allocation; answers whether that has been dealt with. */
        boolean mismatched(long now, TurnRequest request, TurnFailure failure);

        /** Nobody has answered a request that left at {@code sentAt}; answers whether that has been dealt with. */
        boolean unanswered(long now, TurnRequest request, long sentAt, TurnFailure failure);

        /** A request waits for other credentials, or those that there are will end: others have to be supplied. */
        void credentialsWanted(TurnEvent.CredentialsWanted wanted);

        /** The server takes nobody's credentials for the allocation any more. */
        void orphaned(TurnFailure failure);
    }

    private static final int MOST_WAITING = 64;
    private static final int MOST_CHALLENGES = 4;
    private static final int LONGEST_REQUEST = 4_096;

    /**
     * One transaction of a request.
     *
     * @param signature {@link TurnSignature#NONE} when it was not signed
     * @param signer whose signature that is; null when it was not signed
     * @param challenges how many challenges led here
     */
    private record Attempt(
            TurnRequest request,
            TurnSignature signature,
            @Nullable TurnCredentials signer,
            int challenges) {}

    private Base base;
    private final TurnDialect dialect;
    private final TurnDialogue dialogue;
    private final TurnAuthentication authentication;
    private final RandomGenerator random;
    private final AllocationListener allocation;
    private final ClientTransactions<Attempt> transactions = new ClientTransactions<>(MOST_WAITING);
    private final AwaitedCredentials awaited;
    private final CredentialRenewal renewal;
    private final AllocationOwner owner;
    private InetSocketAddress server;
    private @Nullable List<TurnRequest> held;
    private String lastDisbelieved = "";

    TurnRequests(
            AllocationSettings settings,
            TurnDialect dialect,
            TurnDialogue dialogue,
            RandomGenerator random,
            AllocationListener allocation) {
        this.base = settings.base();
        this.server = settings.serverAddress();
        this.dialect = dialect;
        this.dialogue = dialogue;
        this.authentication = dialogue.authentication();
        this.random = random;
        this.allocation = allocation;
        boolean renewable = settings.options().renewsCredentials();
        this.awaited = new AwaitedCredentials(renewable);
        this.renewal = new CredentialRenewal(renewable, settings.server().username());
        this.owner = new AllocationOwner(settings.server(), dialect);
    }

    /** Asks another server from now on; what waited is forgotten, and so is the challenge of the last one. */
    void moveTo(InetSocketAddress next) {
        clear();
        authentication.reset();
        server = next;
    }

    boolean isFull() {
        return transactions.isFull() || awaited.count() >= MOST_WAITING;
    }

    /** Sends from another base from now on; what waits still goes from where it began. */
    void useBase(Base next) {
        base = next;
    }

    /** Nothing leads to the server from the base: what waits for an answer, and what is to be sent from there, is kept. */
    void hold() {
        if (held != null) {
            return;
        }
        List<TurnRequest> kept = new ArrayList<>();
        for (Transaction<Attempt> each : List.copyOf(transactions.waiting())) {
            if (each.owner().request().from().isEmpty()) {
                transactions.forget(each.id());
                kept.add(each.owner().request());
            }
        }
        held = kept;
    }

    /** Keeps one more, which went out in vain. */
    void hold(TurnRequest request) {
        hold();
        Objects.requireNonNull(held).add(request);
    }

    /** Something leads to the server again: what was kept is sent. */
    void resume(long now) {
        List<TurnRequest> kept = held;
        held = null;
        if (kept != null) {
            kept.forEach(request -> send(now, request));
        }
    }

    /** The server has made the allocation: its requests are signed by whoever has asked for it (RFC 8656 §5). */
    void allocated() {
        owner.allocated();
    }

    /**
     * Signs with other credentials, and repeats what has waited for them; such as cannot serve are none. Those of another user than the
     * allocation's own wait until the server takes his no longer.
     */
    void use(long now, TurnCredentials credentials) {
        Optional<String> objection = dialect.objectionTo(credentials);
        if (objection.isPresent()) {
            unsupplied(now, objection.get());
            return;
        }
        renewal.used(now, credentials);
        if (owner.supplied(credentials, awaited.count() > 0)) {
            authentication.use(credentials);
            awaited.supplied().forEach(request -> send(now, request));
        }
    }

    /** Sends a request, signed if the server has challenged us before. */
    void send(long now, TurnRequest request) {
        send(now, request, 0);
    }

    private void send(long now, TurnRequest request, int challenges) {
        List<TurnRequest> kept = request.from().isEmpty() ? held : null;
        if (isFull() || kept != null && kept.size() >= MOST_WAITING) {
            request.failed(now, TurnFailure.of(TurnFailure.Kind.TOO_MANY, "too many requests are waiting"));
            return;
        }
        if (kept != null) {
            kept.add(request);
            return;
        }
        TransactionId id = TransactionId.next(random);
        TurnSignature signature = authentication.current();
        StunWriter writer = dialogue.begin(ByteBuffer.allocate(LONGEST_REQUEST), request.method(), id);
        request.write(writer);
        signature.sign(writer, request.method());
        TurnCredentials signer = signature == TurnSignature.NONE ? null : owner.used();
        Attempt attempt = new Attempt(request, signature, signer, challenges);
        transactions.start(
                now,
                id,
                attempt,
                request.from().orElse(base),
                server,
                dialogue.end(writer),
                RetransmitSchedule.RFC8489);
    }

    /**
     * Takes an answer from the server.
     *
     * @return false if no request of ours waits for it
     */
    boolean handleAnswer(long now, StunMessage answer) {
        Optional<Transaction<Attempt>> found = transactions.find(answer.transactionId());
        if (found.isEmpty()) {
            return false;
        }
        Transaction<Attempt> transaction = found.get();
        StunMethod asked = transaction.owner().request().method();
        if (!answer.method().equals(asked) || !Fingerprint.absentOrRight(answer)) {
            lastDisbelieved = "an answer of the wrong method or with a wrong fingerprint";
        } else if (ServerChallenge.lacksPromisedAlgorithms(answer)) {
            disbelieve(now, transaction, "an answer without the password algorithms that its nonce promises");
        } else if (answer.messageClass() == StunClass.SUCCESS) {
            handleSuccess(now, transaction, answer);
        } else {
            handleError(now, transaction, answer);
        }
        return true;
    }

    private void handleSuccess(long now, Transaction<Attempt> transaction, StunMessage answer) {
        if (!isBelieved(transaction.owner(), answer)) {
            disbelieve(now, transaction, "a success without the right integrity");
            return;
        }
        dialogue.succeeded(answer);
        // A value that cannot be read throws here, and the request goes on waiting as if nothing had come.
        transaction.owner().request().succeeded(now, transaction.sentAt(), answer);
        awaited.proven();
        owner.proven();
        transactions.forget(transaction.id());
    }

    private void handleError(long now, Transaction<Attempt> transaction, StunMessage answer) {
        Optional<ErrorCode> error = answer.get(ERROR_CODE);
        if (error.isEmpty()) {
            lastDisbelieved = "an error without ERROR-CODE";
            return;
        }
        int code = error.get().code();
        TurnRequest request = transaction.owner().request();
        if (code == ErrorCode.WRONG_CREDENTIALS && signedByOwner(now, transaction)) {
            lastDisbelieved = "";
        } else if (authentication.isChallenge(code)) {
            handleChallenge(now, transaction, answer, error.get());
        } else if (code == ErrorCode.TRY_ALTERNATE && allocation.redirected(now, request, answer)) {
            lastDisbelieved = "";
        } else {
            handleRefusal(now, transaction, answer, error.get());
        }
    }

    /**
     * The allocation is another user's than the one who has signed: has its owner sign. Servers may have no key to sign such an answer
     * with (seen in coturn), and another attempt harms nobody.
     */
    private boolean signedByOwner(long now, Transaction<Attempt> transaction) {
        Attempt attempt = transaction.owner();
        Optional<TurnCredentials> next = owner.insteadOf(attempt.signer());
        next.ifPresent(credentials -> {
            transactions.complete(transaction.id());
            authentication.use(credentials);
            send(now, attempt.request());
        });
        return next.isPresent();
    }

    private void handleRefusal(long now, Transaction<Attempt> transaction, StunMessage answer, ErrorCode error) {
        TurnRequest request = transaction.owner().request();
        List<Integer> unknown = answer.get(UNKNOWN_ATTRIBUTES).orElse(List.of());
        // Another attempt harms nobody, whoever has asked for it.
        boolean simpler = dialogue.simplify(request.method(), error.code(), unknown);
        if (!simpler && !isBelieved(transaction.owner(), answer)) {
            disbelieve(now, transaction, "\"" + error + "\" without the right integrity");
            return;
        }
        transactions.complete(transaction.id());
        if (simpler || error.code() == ErrorCode.UNKNOWN_ATTRIBUTE && request.leaveOut(unknown)) {
            send(now, request);
        } else {
            refused(now, request, error);
        }
    }

    private void refused(long now, TurnRequest request, ErrorCode error) {
        TurnFailure failure = dialect.failure(error);
        if (error.code() != ErrorCode.ALLOCATION_MISMATCH || !allocation.mismatched(now, request, failure)) {
            request.failed(now, failure);
        }
    }

    /**
     * Takes an answer that proves nothing: over datagrams it is as if it had never come; a stream brings no other, and so the request has
     * failed (RFC 8489 §9.2.5).
     */
    private void disbelieve(long now, Transaction<Attempt> transaction, String what) {
        lastDisbelieved = what;
        TurnRequest request = transaction.owner().request();
        if (request.from().orElse(base).transport().reliable()) {
            transactions.complete(transaction.id());
            String detail = AddressText.of(server) + " gave " + what;
            request.failed(now, TurnFailure.of(TurnFailure.Kind.MALFORMED, detail));
        }
    }

    private boolean isBelieved(Attempt attempt, StunMessage answer) {
        return attempt.signature().verifies(answer);
    }

    private void handleChallenge(long now, Transaction<Attempt> transaction, StunMessage answer, ErrorCode error) {
        Attempt attempt = transaction.owner();
        Challenge challenge = authentication.challenged(answer, attempt.signature());
        if (challenge == Challenge.UNUSABLE) {
            disbelieve(now, transaction, "\"" + error + "\" without a usable realm, nonce or password algorithm");
            return;
        }
        transactions.complete(transaction.id());
        if (!authentication.hasCredentials()) {
            await(now, attempt.request(), unauthorized(error, "the server wants credentials, and there are none"));
        } else if (challenge == Challenge.SAME || attempt.challenges() >= MOST_CHALLENGES) {
            refusedCredentials(now, attempt, unauthorized(error, "the server does not take these credentials"));
        } else {
            sendAgain(now, attempt, answer);
        }
    }

    /** Signs with what was supplied meanwhile, or waits for others. */
    private void refusedCredentials(long now, Attempt attempt, TurnFailure failure) {
        Optional<TurnCredentials> next = owner.successor();
        if (next.isPresent()) {
            authentication.use(next.get());
            send(now, attempt.request());
        } else if (owner.isForsaken()) {
            if (owner.takeForsaken()) {
                allocation.orphaned(failure);
            }
            attempt.request().failed(now, failure);
        } else {
            await(now, attempt.request(), failure);
        }
    }

    /** Answers a challenge, of the server that sent it or of another one that it names. */
    private void sendAgain(long now, Attempt attempt, StunMessage answer) {
        Optional<InetSocketAddress> next = allocation.challengedElsewhere(attempt.request(), answer);
        next.ifPresent(other -> server = other);
        send(now, attempt.request(), next.isPresent() ? attempt.challenges() : attempt.challenges() + 1);
    }

    private void await(long now, TurnRequest request, TurnFailure failure) {
        if (!awaited.mayWait()) {
            request.failed(now, failure);
        } else if (awaited.add(now, request)) {
            want(failure);
        }
    }

    private void want(TurnFailure why) {
        allocation.credentialsWanted(new TurnEvent.CredentialsWanted(
                why, authentication.realm(), authentication.authorizationServer(), renewal.username()));
    }

    private TurnFailure unauthorized(ErrorCode error, String detail) {
        return new TurnFailure(
                TurnFailure.Kind.UNAUTHORIZED, error.code(), detail + " (" + dialect.meaning(error) + ")");
    }

    void handleTimeout(long now) {
        transactions.handleTimeout(now);
        for (Optional<Transaction<Attempt>> each = transactions.pollTimedOut();
                each.isPresent();
                each = transactions.pollTimedOut()) {
            timedOut(now, each.get());
        }
        awaited.takeExpired(now).forEach(each -> unsupplied(now, each, "nobody supplied other credentials"));
        if (renewal.takeDue(now)) {
            want(TurnFailure.of(TurnFailure.Kind.UNAUTHORIZED, "the credentials are to be renewed before they end"));
        }
    }

    private void timedOut(long now, Transaction<Attempt> transaction) {
        TurnRequest request = transaction.owner().request();
        TurnFailure failure = TurnFailure.of(TurnFailure.Kind.TIMED_OUT, silence());
        if (!allocation.unanswered(now, request, transaction.sentAt(), failure)) {
            request.failed(now, failure);
        }
    }

    /** There are no other credentials: what has waited for them fails. */
    void unsupplied(long now, String why) {
        awaited.takeAll().forEach(each -> unsupplied(now, each, why));
    }

    private static void unsupplied(long now, TurnRequest request, String why) {
        request.failed(now, TurnFailure.of(TurnFailure.Kind.UNAUTHORIZED, why));
    }

    /** Remembers why something from the server was not taken for an answer, to be told if there never is one. */
    void disbelieve(String what) {
        lastDisbelieved = what;
    }

    private String silence() {
        return lastDisbelieved.isEmpty()
                ? "no answer from " + AddressText.of(server)
                : "no answer that counts from " + AddressText.of(server) + ", but " + lastDisbelieved;
    }

    long nextTimeout() {
        return Math.min(transactions.nextTimeout(), Math.min(awaited.nextTimeout(), renewal.nextTimeout()));
    }

    void drainTransmits(Output<?> out) {
        transactions.drainTransmits(out);
    }

    /** Forgets everything that waits, and holds nothing back any more. */
    void clear() {
        held = null;
        transactions.clear();
        awaited.clear();
    }

    /** There is no allocation any more, and so no need for credentials. */
    void end() {
        clear();
        renewal.end();
        owner.ended();
    }

    /** Whether a signed request waits, and so the server may be doing something for us. */
    boolean anySigned() {
        return transactions.waiting().stream().anyMatch(each -> each.owner().signature() != TurnSignature.NONE);
    }
}
