// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import org.icepath.stun.Attributes;
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

    /** How requests, and what we answer to them, are laid out and authenticated. */
    default StunDialect stun() {
        return StunDialect.RFC8489;
    }

    /** How the answers to our requests may be laid out and authenticated: a peer may know better than we do what it writes. */
    default StunDialect answers() {
        return stun();
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

    /** Whether what tells this form from all others stands in its messages; such forms are asked before those without marks. */
    default boolean marksItsMessages() {
        return false;
    }

    /**
     * Whether {@code request} has this USERNAME.
     *
     * @param username what {@link #username} made for its reader and its writer, as bytes
     */
    default boolean hasUsername(StunMessage request, byte[] username) {
        return request.valueEquals(Attributes.USERNAME, username);
    }

    /**
     * What must stand before everything that goes back to where {@code request} came from over UDP; asked once it has authenticated.
     *
     * @return empty where nothing must, or the request does not say
     */
    default Optional<Envelope> envelope(StunMessage request) {
        return Optional.empty();
    }

    /** Adds attributes of the dialect's own to the request of {@code check}, before the integrity is made. */
    default void decorateRequest(StunWriter request, OutgoingCheck check) {}

    /** Adds attributes of the dialect's own to the answer to {@code request}, before the integrity is made. */
    default void decorateResponse(StunWriter response, StunMessage request) {}

    /**
     * Writes an error answer up to its integrity (RFC 8489 §6.3.1.1).
     *
     * @param reason for people; empty where it would make the answer too large
     * @param unknownAttributes what a 420 names, else empty
     */
    default void writeError(StunWriter writer, StunMessage request, int code, String reason, int... unknownAttributes) {
        writer.errorResponse(request, code, reason, unknownAttributes);
    }

    /**
     * The error code, 300 to 699, that answers a request for us whose MESSAGE-INTEGRITY is absent or wrong. By default there is no
     * answer (see {@code decisions.md}): who cannot prove to be the peer gets nothing that could be reflected at somebody else.
     */
    default OptionalInt refusalOfForgery(StunMessage request) {
        return OptionalInt.empty();
    }

    /**
     * Writes the companion of a message in this form: a second datagram that goes out with it, for peers that read the first
     * otherwise. Asked only where {@link CheckDialect#sendsCompanions} says so.
     *
     * @param message a whole request or answer, from position to limit; not changed
     * @param into has room for as many bytes; its limit is set to the end of the companion
     * @return whether there is one
     */
    default boolean writeCompanion(ByteBuffer message, ByteBuffer into) {
        return false;
    }

    /** Whether requests say which transmission they are, so that answers tell round trips and losses (RFC 7982). */
    default boolean countsTransmissions() {
        return true;
    }
}
