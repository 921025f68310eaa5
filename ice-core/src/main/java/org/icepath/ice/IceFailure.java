// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Why a session, a peer or a verb failed.
 *
 * @param kind what an application may act upon
 * @param explanation one sentence for people
 * @param stream the stream concerned, empty when all are
 * @param component the component concerned, 0 when all are
 * @param stunCode the highest of the STUN error codes that the latest checks of these pairs have failed with, 0 where none was refused; a
 *     refusal that was got over, such as a role conflict, is none of them. Always 0 when nothing was gathered: what servers answered is in
 *     {@code tried}
 * @param tried one line for each pair or server that was tried: what was sent and what became of it
 */
public record IceFailure(
        Kind kind, String explanation, String stream, int component, int stunCode, List<String> tried) {

    /** The kinds of failure. */
    public enum Kind {
        /** No pair of a component was valid when patience ended (RFC 8863 §4). */
        NO_PATH,
        /** The peer's description holds nothing that could be paired with ours. */
        NOTHING_TO_PAIR,
        /** Consent expired on every path and none came back. */
        CONSENT_LOST,
        /** No candidate of ours could be gathered. */
        NO_CANDIDATES,
        /** The description cannot be used here: another stream layout, credentials missing or changed. */
        UNUSABLE_DESCRIPTION,
        /** The application closed the session. */
        CLOSED
    }

    public IceFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(explanation, "explanation");
        Objects.requireNonNull(stream, "stream");
        tried = List.copyOf(tried);
    }

    /** A failure that concerns everything and in which no STUN error has a part. */
    public static IceFailure of(Kind kind, String explanation) {
        return new IceFailure(kind, explanation, "", 0, 0, List.of());
    }

    /** {@link #stunCode}, where there is one. */
    public OptionalInt stunError() {
        return stunCode == 0 ? OptionalInt.empty() : OptionalInt.of(stunCode);
    }
}
