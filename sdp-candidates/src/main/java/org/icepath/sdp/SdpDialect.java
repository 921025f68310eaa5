// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;

/**
 * What a family of peers decides differently about candidates in SDP. Each default is what the RFCs say, so a dialect
 * overrides only what it must. Immutable and without state.
 */
public interface SdpDialect {
    /** RFC 8839 throughout. */
    SdpDialect RFC8839 = new SdpDialect() {};

    /** The port of active candidates (RFC 6544 §4.5). */
    int DISCARD = 9;

    /** Whether an attribute of this name holds a candidate. */
    default boolean isCandidateAttribute(String attribute) {
        return attribute.equals("candidate");
    }

    /** The name of the dialect that an attribute shows its writer to speak, if only writers of that dialect use it. */
    default Optional<String> mark(String attribute, String value) {
        return Optional.empty();
    }

    /**
     * Reads the body of a SIP message as it came; {@link IceSdp#parse(String, String, SdpDialect)} asks. By default the body is SDP, whatever
     * its type says: which part of a body of several is the SDP is the SIP stack's affair. A dialect whose writers send their SDP beside
     * another form of it takes the right one, and marks the description ({@link IceDescription#marks}).
     *
     * @param contentType the header's value, with its parameters
     */
    default ParsedSdp read(String contentType, String body) {
        return IceSdp.parse(body, this);
    }

    /** The attribute a candidate is written in; some dialects hide IPv6 from older readers in another one. */
    default String candidateAttribute(Candidate candidate) {
        return "candidate";
    }

    /**
     * What a transport token means.
     *
     * @param token as written, in any case
     * @param tcpType {@link TcpType#NONE} if the line names none; TCP counts as passive then, as old peers mean
     * @return empty if the transport cannot be used
     */
    default Optional<TransportType> transport(String token, TcpType tcpType) {
        if (token.equalsIgnoreCase("UDP")) {
            return Optional.of(TransportType.UDP);
        }
        if (token.equalsIgnoreCase("TCP")) {
            return Optional.of(tcpType == TcpType.NONE ? TransportType.TCP_PASSIVE : new TransportType("TCP", tcpType));
        }
        return Optional.empty();
    }

    /** The token a transport is written with. */
    default String transportToken(TransportType transport) {
        return transport.protocol();
    }

    /** Whether TCP candidates carry {@code tcptype} (RFC 6544 §4.5). */
    default boolean writesTcpType() {
        return true;
    }

    /**
     * The priority of a candidate.
     *
     * @param localPreference 0 to 65535
     * @param component 1 to 256
     */
    default long priority(CandidateType type, TransportType transport, int localPreference, int component) {
        return Priority.of(type, localPreference, component);
    }

    /**
     * The priority of a host candidate, which may hang on its address; by RFC 8445 §5.1.2.1 addresses differ in local preference alone.
     *
     * @param localPreference 0 to 65535
     * @param component 1 to 256
     */
    default long hostPriority(InetAddress address, TransportType transport, int localPreference, int component) {
        return priority(CandidateType.HOST, transport, localPreference, component);
    }

    /**
     * Whether a candidate may stand in a description beside those that are there.
     *
     * @param known the other candidates of its component, found before it
     */
    default boolean mayOffer(Candidate candidate, List<Candidate> known) {
        return true;
    }

    /**
     * A candidate of ours as descriptions have it until pairs are selected. Nobody connects to an active one, so that its port is that of
     * discard (RFC 6544 §4.5), also where it is known which one it connects from, as a relay's may be: who is told of that port may take
     * what connects from it for the candidate, and pair nothing with it (seen: libnice 0.1.21).
     */
    default Candidate told(Candidate candidate) {
        boolean ofRelay =
                candidate.transport().equals(TransportType.TCP_ACTIVE) && candidate.type() == CandidateType.RELAYED;
        return ofRelay ? candidate.withAddress(candidate.address().withPort(DISCARD)) : candidate;
    }

    /**
     * Whether candidates that open connections are told as server-reflexive ones, too, with the address that a server relaying TCP has seen
     * ours come from. RFC 6544 §5.2 has servers asked for candidates that accept connections: nobody connects to the others.
     */
    default boolean tellsWhereConnectionsComeFrom() {
        return false;
    }

    /** The candidates of one stream in the order of their lines. By default as they were found. */
    default List<Candidate> arranged(List<Candidate> candidates) {
        return candidates;
    }

    /**
     * Whether foundations are a running number in each m= section, one for each candidate and the same for its components; the number is
     * then what {@link #priority} takes in place of a local preference. By RFC 8445 §5.1.1.3 foundations say what is alike, and span all
     * sections.
     */
    default boolean foundationsPerStream() {
        return false;
    }

    /**
     * Whether credentials are written in each m= section, though they are the session's. By RFC 8839 §5.4 they may stand once, before all
     * sections.
     */
    default boolean credentialsInEachSection() {
        return false;
    }

    /** Whether {@code a=rtcp} is written with nothing but the port where the address is that of the c= line, which RFC 3605 §2.1 allows. */
    default boolean rtcpIsPortAlone() {
        return false;
    }

    /** The options of ICE that descriptions say of their writer: that it is one of RFC 8445 (RFC 8445 §10). */
    default Set<String> options() {
        return Set.of(IceDescription.ICE2);
    }

    /**
     * New credentials of the lengths this dialect wants.
     *
     * @param random cryptographically strong
     */
    default IceCredentials credentials(RandomGenerator random) {
        return IceCredentials.random(random);
    }

    /**
     * The candidate of one component for the m= and c= lines, where peers without ICE send (RFC 8445 §5.1.4): the one most
     * likely to work with any peer, so UDP, relayed before server-reflexive before the others, IPv4 before IPv6 (a peer that
     * knows no ICE knows IPv4), then by priority. A name under {@code .local} is none.
     *
     * @param candidates of one component
     * @return empty if none will do
     */
    default Optional<Candidate> defaultCandidate(List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.transport().isUdp())
                .filter(candidate -> !(candidate.address() instanceof NamedAddress name && name.isMulticastDns()))
                .min(Comparator.comparingInt((Candidate candidate) -> likelihood(candidate.type()))
                        .thenComparing(candidate -> candidate.address() instanceof IpAddress ip && ip.isIpv6())
                        .thenComparing(
                                Comparator.comparingLong(Candidate::priority).reversed()));
    }

    private static int likelihood(CandidateType type) {
        return switch (type) {
            case RELAYED -> 0;
            case SERVER_REFLEXIVE -> 1;
            case PEER_REFLEXIVE -> 2;
            case HOST -> 3;
        };
    }

    /**
     * A second body for peers that understand only an older form, to be sent beside the first as an alternative.
     *
     * @return empty if there is none, which is the rule
     */
    default Optional<String> fallbackBody(IceDescription description) {
        return Optional.empty();
    }
}
