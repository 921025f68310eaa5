// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose an allocation is, and so who signs requests about it: whoever has made it, and nobody else (RFC 8656 §5). Not thread-safe.
 *
 * <p>Credentials of another user that are supplied while it stands wait until the server refuses those that it was made with. Where
 * the server then says that the allocation is another user's (441), those sign again, once more: the refusal may have been forged.
 */
final class AllocationOwner {

    private final boolean byName;
    private @Nullable TurnCredentials used;
    private @Nullable TurnCredentials owner;
    private @Nullable TurnCredentials successor;
    private boolean othersRefused;
    private boolean told;

    AllocationOwner(TurnServer server, TurnDialect dialect) {
        this.byName = dialect.bindsToUsername();
        this.used = server.hasCredentials() ? TurnCredentials.longTerm(server.username(), server.password()) : null;
    }

    /** Which credentials sign now; null for none. */
    @Nullable
    TurnCredentials used() {
        return used;
    }

    /** The server has made the allocation for whoever signs now. */
    void allocated() {
        owner = used;
    }

    /** There is no allocation any more. */
    void ended() {
        owner = null;
        successor = null;
    }

    /**
     * Takes credentials that were supplied.
     *
     * @param refused whether the server has refused those that sign now
     * @return whether they sign from now on
     */
    boolean supplied(TurnCredentials next, boolean refused) {
        TurnCredentials made = owner;
        boolean sameUser = made != null && (!byName || made.username().equals(next.username()));
        if (made != null && !sameUser && !refused) {
            successor = next;
            return false;
        }
        owner = sameUser ? next : made;
        used = next;
        return true;
    }

    /** The server does not take the credentials that sign now: those that sign from now on, empty where there are no others. */
    Optional<TurnCredentials> successor() {
        TurnCredentials next = successor;
        successor = null;
        used = next == null ? used : next;
        return Optional.ofNullable(next);
    }

    /** The server takes nobody but the owner, and a request was signed by somebody else: who signs from now on, empty where that was he. */
    Optional<TurnCredentials> insteadOf(@Nullable TurnCredentials signer) {
        TurnCredentials made = owner;
        if (made == null || signer == null || made.username().equals(signer.username())) {
            return Optional.empty();
        }
        othersRefused = true;
        used = made;
        return Optional.of(made);
    }

    /** The server has taken what signs now. */
    void proven() {
        othersRefused = false;
    }

    /** Whether the server takes neither the owner, whom it has refused, nor anybody else. */
    boolean isForsaken() {
        return owner != null && othersRefused;
    }

    /** As {@link #isForsaken}, the first time. */
    boolean takeForsaken() {
        boolean first = isForsaken() && !told;
        told |= first;
        return first;
    }
}
