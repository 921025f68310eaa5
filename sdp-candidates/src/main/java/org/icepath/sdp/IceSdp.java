// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.SessionOrigin;

/**
 * ICE in SDP, both ways (RFC 8839, RFC 8840). Without state.
 *
 * <p>Law: {@code parse(applyTo(body, d)).description()} equals {@code withDefaults(d)} for every {@code d} that has one stream
 * for each m= section of the body, agrees with it on what is not ICE (m= lines beside the port, mids, groups, bundle-only),
 * and says of ICE only what text can say.
 */
public final class IceSdp {
    private IceSdp() {}

    /**
     * Reads a body. Line ends may be CRLF, LF or CR, also mixed.
     *
     * @param body any text at all
     */
    public static ParsedSdp parse(String body) {
        return parse(body, SdpDialect.RFC8839);
    }

    /** As {@link #parse(String)}, in a dialect. */
    public static ParsedSdp parse(String body, SdpDialect dialect) {
        return BodyReader.read(SdpBody.split(body), dialect);
    }

    /**
     * Reads the body of a SIP message as it came, in a dialect: where some peers send several forms of one description, the type of the body
     * says which is to be read, and that there are several says who wrote them ({@link IceDescription#marks}). Who does not know how its peer
     * speaks reads by this.
     *
     * @param contentType the value of the Content-Type header, with its parameters
     * @return of an empty body where no part is of use
     */
    public static ParsedSdp parse(String contentType, String body, SdpDialect dialect) {
        return dialect.read(contentType, body);
    }

    /**
     * Writes a body that may be sent as it is: the streams, their ICE, and default destinations (see {@link #withDefaults}).
     * RTP streams with neither RTCP candidates nor rtcp-mux say that RTCP is not used.
     *
     * <p>The o= line is the description's {@link IceDescription#origin origin}: those of a session count up as RFC 3264 §8 wants it. One
     * without an origin is written as the first of its session, whose id is derived from the credentials.
     */
    public static String format(IceDescription description) {
        return format(description, SdpDialect.RFC8839);
    }

    /** As {@link #format(IceDescription)}, in a dialect. */
    public static String format(IceDescription description, SdpDialect dialect) {
        IceDescription whole = laidOut(withDefaults(description, dialect), dialect);
        SessionOrigin origin =
                description.origin().orElseGet(() -> BodyWriter.origin(whole, sessionId(description), 1));
        return BodyWriter.write(whole, dialect, origin);
    }

    /**
     * As {@link #format(IceDescription, SdpDialect)}, for who counts its bodies itself: because it changes them, say.
     *
     * @param sessionId of the o= line, the same throughout a session
     * @param sessionVersion of the o= line, one more for each changed body
     * @throws IllegalArgumentException when a number is negative
     */
    public static String format(IceDescription description, SdpDialect dialect, long sessionId, long sessionVersion) {
        IceDescription whole = laidOut(withDefaults(description, dialect), dialect);
        CandidateAddress address = description
                .origin()
                .map(SessionOrigin::address)
                .orElseGet(() -> BodyWriter.origin(whole, 0, 0).address());
        return BodyWriter.write(whole, dialect, new SessionOrigin(sessionId, sessionVersion, address));
    }

    /** With credentials where the dialect has them. */
    static IceDescription laidOut(IceDescription description, SdpDialect dialect) {
        return dialect.credentialsInEachSection()
                        && description.sessionCredentials().isPresent()
                ? description.toBuilder().withoutSessionCredentials().build()
                : description;
    }

    private static long sessionId(IceDescription description) {
        return description.streams().stream()
                .flatMap(stream -> stream.credentials().stream())
                .mapToLong(credentials ->
                        Integer.toUnsignedLong(credentials.ufrag().hashCode()))
                .findFirst()
                .orElse(1);
    }

    /**
     * Puts a description into a body: replaces the lines of ICE, {@code a=rtcp}, {@code a=rtcp-mux}, the port in m= and the
     * address in c=, and copies everything else byte for byte, the version in o= included: who sends the body counts it up. Where the
     * body already says the same, it is not touched at all. Sections beyond the streams of the description stay as they are, and so do
     * m=, c= and a=rtcp of a stream that has neither ICE nor a destination.
     *
     * @throws IllegalArgumentException if the description has more streams than the body
     */
    public static String applyTo(String body, IceDescription description) {
        return applyTo(body, description, SdpDialect.RFC8839);
    }

    /** As {@link #applyTo(String, IceDescription)}, in a dialect. */
    public static String applyTo(String body, IceDescription description, SdpDialect dialect) {
        return new BodyEditor(SdpBody.split(body), withDefaults(description, dialect), dialect).edit();
    }

    /**
     * The description with a default destination in each stream that has ICE and none yet: the candidate
     * {@link SdpDialect#defaultCandidate} names, and for RTCP one of the same type and family; 0.0.0.0 and port 9 where there
     * is none yet (RFC 8840 §4.1.1). With rtcp-mux and no RTCP candidate, RTCP goes where RTP goes.
     */
    public static IceDescription withDefaults(IceDescription description) {
        return withDefaults(description, SdpDialect.RFC8839);
    }

    /** As {@link #withDefaults(IceDescription)}, in a dialect. */
    public static IceDescription withDefaults(IceDescription description, SdpDialect dialect) {
        return DefaultDestinations.fill(description, dialect);
    }

    /**
     * Reads a trickle fragment (RFC 8840 §9). Nothing throws; what cannot be read is left out, and {@link #parse(String)} of the
     * same text says why.
     *
     * @param body an {@link IceFragment#MEDIA_TYPE} body
     */
    public static IceFragment parseFragment(String body) {
        return parseFragment(body, SdpDialect.RFC8839);
    }

    /** As {@link #parseFragment(String)}, in a dialect. */
    public static IceFragment parseFragment(String body, SdpDialect dialect) {
        return new IceFragment(parse(body, dialect).description());
    }

    /** Writes a trickle fragment. */
    public static String formatFragment(IceFragment fragment) {
        return formatFragment(fragment, SdpDialect.RFC8839);
    }

    /** As {@link #formatFragment(IceFragment)}, in a dialect. */
    public static String formatFragment(IceFragment fragment, SdpDialect dialect) {
        return FragmentWriter.write(fragment.content(), dialect);
    }
}
