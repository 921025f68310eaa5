// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Optional;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;

/**
 * How one dialect writes a connectivity check. A check owns one or more forms, each a transaction of its own; a pair fails when
 * all of them have. Immutable and stateless; the defaults are RFC 8445's.
 */
public interface CheckForm {

    /** The form of RFC 8445 §7.2.4. */
    CheckForm RFC8445 = new CheckForm() {
        @Override
        public String toString() {
            return "RFC 8445";
        }
    };

    /** How the message is laid out. */
    default StunDialect stun() {
        return StunDialect.RFC8489;
    }

    /** The USERNAME of a request that its reader knows by {@code readerUfrag} and that {@code writerUfrag} writes (RFC 8445 §7.2.2). */
    default String username(String readerUfrag, String writerUfrag) {
        return readerUfrag + ":" + writerUfrag;
    }

    /**
     * Reads {@link #username}: the fragment of the one who wrote a request that {@code readerUfrag} reads.
     *
     * @return empty when the request is not for this reader
     */
    default Optional<String> writerUfrag(String username, String readerUfrag) {
        String prefix = readerUfrag + ":";
        return username.startsWith(prefix) ? Optional.of(username.substring(prefix.length())) : Optional.empty();
    }

    /** Whether {@code request} is written in this form; asked before its integrity is known. */
    default boolean wrote(StunMessage request) {
        return true;
    }

    /** Adds attributes of the dialect's own to a request on {@code pair}, before the integrity is made. */
    default void decorateRequest(StunWriter request, CandidatePair pair) {}

    /** Adds attributes of the dialect's own to the answer to {@code request}, before the integrity is made. */
    default void decorateResponse(StunWriter response, StunMessage request) {}

    /** Whether requests say which transmission they are, so that answers tell round trips and losses (RFC 7982). */
    default boolean countsTransmissions() {
        return true;
    }
}
