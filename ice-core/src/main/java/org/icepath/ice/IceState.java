// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Set;

/** Where one peer stands, over all its streams. */
public enum IceState {
    /** The remote description is not known yet. */
    WAITING,
    /** Checks are on their way, and some component has no path yet. */
    CHECKING,
    /**
     * Every component has a path that media may use; nominations are still open. Streams that have failed do not count while others go on
     * ({@link IceEvent.Failed} and, for those with ICE, {@link PendingOffer.Reason#FAILED_STREAM} tell of them).
     */
    CONNECTED,
    /** Every stream, with the same exceptions, has a selected pair for each of its components (RFC 8445 §8.1.2). */
    COMPLETED,
    /**
     * Consent was lost where media flowed, and checks go on (RFC 7675 §5.1); or a stream without ICE has nothing left to send from, and an
     * interface is waited for.
     */
    DISCONNECTED,
    /** No path was found before patience ended, or consent stayed away (RFC 8863). */
    FAILED,
    /** Closed by the application. */
    CLOSED;

    /** The states that may follow this one. */
    public Set<IceState> successors() {
        return switch (this) {
            case WAITING -> Set.of(CHECKING, CONNECTED, COMPLETED, FAILED, CLOSED);
            case CHECKING -> Set.of(CONNECTED, COMPLETED, DISCONNECTED, FAILED, CLOSED);
            case CONNECTED -> Set.of(CHECKING, COMPLETED, DISCONNECTED, FAILED, CLOSED);
            case COMPLETED -> Set.of(CHECKING, CONNECTED, DISCONNECTED, FAILED, CLOSED);
            case DISCONNECTED -> Set.of(CHECKING, CONNECTED, COMPLETED, FAILED, CLOSED);
            case FAILED -> Set.of(CHECKING, CONNECTED, COMPLETED, DISCONNECTED, CLOSED);
            case CLOSED -> Set.of();
        };
    }
}
