// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import org.icepath.stun.StunMessage;

/** How one allocation proves to its server who it is, challenge by challenge. Confined to the thread of its allocation. */
public interface TurnAuthentication {

    /** What a challenge brought. */
    enum Challenge {
        /** Something that the refused request did not have: it is worth another try. */
        NEW,
        /** What the refused request had already: the credentials are wrong. */
        SAME,
        /** It lacks what it must have, or somebody took the better algorithms out (RFC 8489 §9.2.5): as if it never came. */
        UNUSABLE
    }

    /** What requests are signed with now; {@link TurnSignature#NONE} before the first challenge, and without credentials. */
    TurnSignature current();

    /** Whether there is anything to sign with. */
    boolean hasCredentials();

    /** Signs with other credentials from now on. */
    void use(TurnCredentials credentials);

    /** Forgets what a server said; another server has its own realm. */
    void reset();

    /** Whether an error answer of this code asks for other authentication. Such an answer need have no integrity. */
    boolean isChallenge(int code);

    /**
     * Takes such an answer.
     *
     * @param refused what the request was signed with
     */
    Challenge challenged(StunMessage answer, TurnSignature refused);

    /** The realm of the last challenge, empty before. */
    String realm();

    /** Which server a token would have to be made for (RFC 7635 §6.1), empty where none is taken. */
    String authorizationServer();
}
