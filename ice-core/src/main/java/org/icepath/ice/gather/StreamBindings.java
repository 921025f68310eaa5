// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunParseException;
import org.icepath.stun.TransactionId;
import org.icepath.turn.wire.StunFraming;
import org.jspecify.annotations.Nullable;

/**
 * Binding requests to STUN servers over TCP: what NATs make of the ports of passive and simultaneous-open candidates (RFC 6544 §5.2).
 *
 * <p>Each goes over a connection of its own, which leaves from the candidate's port. The NAT's mapping hangs on that connection, so that it
 * stays until ICE has concluded (RFC 6544 §11.2). Not thread-safe.
 */
final class StreamBindings {

    /** What comes later helps no call; the connection has to be made in that time, too. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(9_500);

    /** Ids of these connections: the upper half of what those with peers count in, which never come so far. */
    private static final long FIRST_ID = 3L << 29;

    private final StunDialect dialect;
    private final RandomGenerator random;
    private final Bindings.Outcome outcome;
    private @Nullable BindingCodec codec;
    private final Map<Base, Question> questions = new LinkedHashMap<>();
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>(1);
    private long nextId = FIRST_ID;

    /** What is wanted of the shell, in order. */
    private interface Wish {
        void carryOut(Output<?> out);
    }

    private static final class Question {
        final Attempt attempt;
        final BindingServer server;
        final TransactionId id;
        final long deadline;
        boolean answered;

        Question(Attempt attempt, BindingServer server, TransactionId id, long deadline) {
            this.attempt = attempt;
            this.server = server;
            this.id = id;
            this.deadline = deadline;
        }
    }

    StreamBindings(GatherSettings settings, RandomGenerator random, Bindings.Outcome outcome) {
        this.dialect = settings.stun();
        this.random = random;
        this.outcome = outcome;
    }

    /** Made when a server is asked over TCP, which most sessions never do. */
    private BindingCodec codec() {
        if (codec == null) {
            codec = new BindingCodec(dialect);
        }
        return codec;
    }

    /** Opens a connection from the port of the attempt's base; the request follows when it stands. */
    void ask(long now, Attempt attempt) {
        ask(attempt, new BindingServer(attempt), now + PATIENCE_NANOS);
    }

    private void ask(Attempt attempt, BindingServer server, long deadline) {
        Base base = new Base(nextId++, Transport.TCP, attempt.local().base().address());
        InetSocketAddress to = server.address();
        questions.put(base, new Question(attempt, server, TransactionId.next(random), deadline));
        wishes.add(out -> out.open(base, to, StunFraming.INSTANCE));
    }

    /** The server of an attempt has answered: what else was asked of it from there, at other addresses, is of no use any more. */
    void cancel(Attempt answered) {
        List.copyOf(questions.entrySet()).stream()
                .filter(each ->
                        !each.getValue().answered && each.getValue().attempt.isAsBy(answered))
                .forEach(each -> close(each.getKey()));
    }

    /** Whether a connection is one of these. */
    boolean owns(Base base) {
        return questions.containsKey(base);
    }

    void opened(Base base) {
        Question question = questions.get(base);
        if (question != null) {
            wishes.add(out -> out.transmit(base, question.server.address(), codec().request(question.id)));
        }
    }

    /** A connection could not be made, or has ended; what was answered stays. */
    void closed(long now, Base base, Cause cause) {
        Question question = questions.remove(base);
        if (question != null && !question.answered) {
            outcome.unmapped(now, question.attempt, "no answer over TCP: " + cause.detail());
        }
    }

    /** Takes what a server has sent. */
    void handle(long now, Base base, ByteBuffer payload) {
        Question question = questions.get(base);
        if (question == null || question.answered || !StunMessage.isStun(payload)) {
            return;
        }
        try {
            answered(now, base, question, codec().read(payload));
        } catch (StunParseException unreadable) {
            giveUp(now, base, question, "the server's answer cannot be read");
        }
    }

    private void answered(long now, Base base, Question question, StunMessage answer) {
        boolean ours = answer.transactionId().equals(question.id)
                && (!answer.has(Attributes.FINGERPRINT) || answer.fingerprintMatches());
        if (ours && answer.messageClass() == StunClass.ERROR) {
            ErrorCode error = answer.get(Attributes.ERROR_CODE).orElse(new ErrorCode(500, ""));
            refused(now, base, question, error, answer);
        } else if (ours && answer.messageClass() == StunClass.SUCCESS) {
            Optional<InetSocketAddress> mapped =
                    answer.get(Attributes.XOR_MAPPED_ADDRESS).or(() -> answer.get(Attributes.MAPPED_ADDRESS));
            if (mapped.isEmpty()) {
                giveUp(now, base, question, "the server's answer names no address");
            } else {
                question.answered = true;
                outcome.mapped(now, question.attempt, question.server.address(), mapped.get());
            }
        }
    }

    private void refused(long now, Base base, Question question, ErrorCode error, StunMessage answer) {
        if (question.server.follow(error, answer)) {
            close(base);
            ask(question.attempt, question.server, question.deadline);
        } else {
            giveUp(now, base, question, "the server refused with " + error);
        }
    }

    private void giveUp(long now, Base base, Question question, String why) {
        close(base);
        outcome.unmapped(now, question.attempt, why);
    }

    private void close(Base base) {
        questions.remove(base);
        wishes.add(out -> out.close(base));
    }

    /** How many have no answer yet. */
    long open() {
        return questions.isEmpty()
                ? 0
                : questions.values().stream().filter(each -> !each.answered).count();
    }

    /** ICE has concluded, or was given up: mappings are needed no longer (RFC 6544 §11.2). */
    void closeAnswered() {
        List.copyOf(questions.entrySet()).stream()
                .filter(each -> each.getValue().answered)
                .forEach(each -> close(each.getKey()));
    }

    /** Ends what was asked from bases that are gone. */
    void remove(Predicate<LocalBase> gone) {
        List.copyOf(questions.entrySet()).stream()
                .filter(each -> gone.test(each.getValue().attempt.local()))
                .forEach(each -> close(each.getKey()));
    }

    void clear() {
        List.copyOf(questions.keySet()).forEach(this::close);
    }

    void handleTimeout(long now) {
        if (now < nextTimeout()) {
            return;
        }
        for (Map.Entry<Base, Question> each : List.copyOf(questions.entrySet())) {
            Question question = each.getValue();
            if (!question.answered && question.deadline <= now) {
                giveUp(now, each.getKey(), question, "no answer over TCP within 9.5 s");
            }
        }
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        if (questions.isEmpty()) {
            return next;
        }
        for (Question question : questions.values()) {
            next = question.answered ? next : Math.min(next, question.deadline);
        }
        return next;
    }

    void drainTo(Output<?> out) {
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.carryOut(out);
        }
    }
}
