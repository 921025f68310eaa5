// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of pairs over TCP when their connections open, fail to and end (RFC 6544 §7.1, §11.1).
 *
 * <p>A pair has one connection at a time, known by the base of its local candidate and the remote address. Whether it was opened for
 * this pair, for the same one of another generation, or by the peer is all the same.
 */
final class PairLinks {

    /** A peer that takes connections and ends them at once must not keep us busy. */
    private static final long REOPEN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Whoever refuses may not know us yet, and mostly does a round trip of the signalling later; asked again after this, then twice that and
     * so on, and from then on each 8 s, as a lost datagram would be; each with a jitter, as two that have met in the middle would meet again.
     */
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final Map<CheckPair, Retry> retries = new LinkedHashMap<>(2);
    private long nextRetry = Machine.NEVER;

    /** When a connection that was refused is asked for again. */
    private record Retry(long at, long pause) {}

    PairLinks(AgentContext context, CheckClient client, CheckResults results) {
        this.context = context;
        this.client = client;
        this.results = results;
    }

    /** A connection stands; the check that has waited for it leaves now. Returns whether that concerned anybody. */
    boolean connected(long now, Base base, InetSocketAddress remote) {
        CheckPair pair = find(base, remote);
        if (pair == null || pair.link() == PairLink.OPEN) {
            return false;
        }
        pair.link(PairLink.OPEN);
        pair.linkedAt(now);
        Attempt attempt = pair.attempt();
        if (attempt != null && !attempt.hasBegun()) {
            client.sendNextForm(now, attempt);
        }
        return true;
    }

    /**
     * A connection could not be opened, or has ended: its pair has failed. Whoever has opened the connection of a pair that is in use, or
     * nominated, opens another at once; the other side waits for that (RFC 6544 §11.1).
     *
     * @return whether that concerned anybody
     */
    boolean disconnected(long now, Base base, InetSocketAddress remote, Cause cause) {
        CheckPair pair = find(base, remote);
        if (pair == null || pair.link() == PairLink.ABSENT) {
            return false;
        }
        boolean needed =
                pair == pair.component().current() || pair == pair.component().nominated();
        boolean reopens =
                needed && pair.mayCarryData() && pair.opensLink() && pair.list().mayCheck();
        boolean nominated = pair.nominated();
        String why = pair.link() == PairLink.OPEN ? "its connection has ended: " : "no connection: ";
        pair.link(PairLink.ABSENT);
        client.forget(pair);
        results.fail(pair, why + cause.detail());
        if (reopens) {
            reopen(now, pair, nominated);
        } else if (isForNow(pair, cause)) {
            retryLater(now, pair);
        }
        return true;
    }

    /**
     * Whether a refusal may pass: the peer's relay takes no connection from us, or from a relay of ours, and his NAT answers for him, until
     * he has our description and acts upon it (RFC 6062 §5.3, RFC 5382 §4.3).
     */
    private static boolean isForNow(CheckPair pair, Cause cause) {
        boolean refused = cause.kind() == Cause.Kind.REFUSED || cause.kind() == Cause.Kind.OTHER;
        return refused && pair.opensLink() && isWorthIt(pair);
    }

    private static boolean isWorthIt(CheckPair pair) {
        return pair.component().nominated() == null
                && pair.state() == PairState.FAILED
                && !pair.consentLost()
                && pair.list().mayCheck();
    }

    private void retryLater(long now, CheckPair pair) {
        Retry before = retries.get(pair);
        long pause = before == null ? FIRST_RETRY_NANOS : Math.min(2 * before.pause, LAST_RETRY_NANOS);
        long at = now + context.jittered(pause);
        retries.put(pair, new Retry(at, pause));
        nextRetry = Math.min(nextRetry, at);
    }

    /** Asks again for connections that were refused, while nothing is nominated. */
    void handleTimeout(long now) {
        if (now < nextRetry) {
            return;
        }
        nextRetry = Machine.NEVER;
        retries.keySet().removeIf(pair -> pair.component().nominated() != null);
        retries.replaceAll((pair, retry) -> {
            if (retry.at > now) {
                nextRetry = Math.min(nextRetry, retry.at);
                return retry;
            }
            if (isWorthIt(pair)) {
                pair.list().trigger(pair, now);
            }
            return new Retry(Machine.NEVER, retry.pause);
        });
    }

    long next() {
        return nextRetry;
    }

    private void reopen(long now, CheckPair pair, boolean nominated) {
        if (nominated && context.roles().controlling()) {
            pair.nomination(context.nextNomination());
            pair.nominatesAgain(true);
        }
        pair.nominationAsked(nominated && !context.roles().controlling());
        pair.list().trigger(pair, Math.max(now, pair.linkedAt() + REOPEN_PAUSE_NANOS));
    }

    private @Nullable CheckPair find(Base base, InetSocketAddress remote) {
        ComponentChecks component = context.lists().component(base);
        return component == null ? null : component.list().find(component, base, remote);
    }

    /** Whether a check can leave, now or once the connection that it asks for stands. */
    static boolean mayCheck(CheckPair pair) {
        return pair.link() != PairLink.ABSENT || pair.opensLink();
    }
}
