// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/**
 * How much of checks that were answered in the end got lost on the way, by what the peer said of it (RFC 7982 §5).
 *
 * @param requestsLost requests of ours that did not reach the peer before one did
 * @param answersLost answers of the peer's that did not reach us before one did
 */
public record CheckLoss(long requestsLost, long answersLost) {

    /** Nothing was lost, or the peer does not tell. */
    public static final CheckLoss NONE = new CheckLoss(0, 0);

    /** Both taken together. */
    public CheckLoss plus(CheckLoss other) {
        if (other.equals(NONE)) {
            return this; // mostly
        }
        return new CheckLoss(requestsLost + other.requestsLost, answersLost + other.answersLost);
    }
}
