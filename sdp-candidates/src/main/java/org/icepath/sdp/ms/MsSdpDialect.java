// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.ParsedSdp;
import org.icepath.sdp.SdpDialect;

/**
 * MS-ICE2 in SDP: the direction of TCP is part of the transport token, IPv6 candidates have an attribute of their own, foundations
 * are a running number in each section (seen in offers of Lync and Skype for Business).
 */
public final class MsSdpDialect implements SdpDialect {

    /** The one instance; it has no state. */
    public static final MsSdpDialect INSTANCE = new MsSdpDialect();

    private static final String IPV6_ATTRIBUTE = "x-candidate-ipv6";
    private static final String ACTIVE = "TCP-ACT";
    private static final String PASSIVE = "TCP-PASS";
    private static final String SIMULTANEOUS_OPEN = "TCP-SO";
    private static final Pattern OWN_TOKEN =
            Pattern.compile("^\\S+\\s+\\d+\\s+TCP-(?:ACT|PASS)\\s", Pattern.CASE_INSENSITIVE);
    private static final int UFRAG_LENGTH = 4;
    private static final int PASSWORD_LENGTH = 24;

    private MsSdpDialect() {}

    @Override
    public boolean isCandidateAttribute(String attribute) {
        return attribute.equals("candidate") || attribute.equals(IPV6_ATTRIBUTE);
    }

    /** What {@link IceDescription#marks} has where the writer is one of this family. */
    public static final String NAME = "MS-ICE2";

    /** Its own attribute, or one of its own transport tokens (seen). */
    @Override
    public Optional<String> mark(String attribute, String value) {
        boolean own = attribute.equals(IPV6_ATTRIBUTE)
                || attribute.equals("candidate") && OWN_TOKEN.matcher(value).find();
        return own ? Optional.of(NAME) : Optional.empty();
    }

    /** In one or two forms ({@link AlternativeBodies}); one that has a fallback shows its writer (seen). */
    @Override
    public ParsedSdp read(String contentType, String body) {
        return read(contentType, body, this);
    }

    /** As {@link #read(String, String)}, by a dialect that reads more. */
    public static ParsedSdp read(String contentType, String body, SdpDialect dialect) {
        if (!AlternativeBodies.isAlternative(contentType)) {
            return IceSdp.parse(body, dialect);
        }
        AlternativeBodies bodies = AlternativeBodies.parse(contentType, body);
        ParsedSdp parsed = IceSdp.parse(bodies.sdp().orElse(""), dialect);
        return bodies.fallback().isEmpty()
                ? parsed
                : new ParsedSdp(parsed.description().toBuilder().mark(NAME).build(), parsed.problems());
    }

    /** An IPv6 candidate goes where a reader that knows only IPv4 does not look ([MS-SDPEXT] §3.1.5.21.1, specified). */
    @Override
    public String candidateAttribute(Candidate candidate) {
        return candidate.address() instanceof IpAddress ip && ip.isIpv6() ? IPV6_ATTRIBUTE : "candidate";
    }

    /** The vendor's tokens in any case (lower case was seen), and those of the standard. */
    @Override
    public Optional<TransportType> transport(String token, TcpType tcpType) {
        return switch (token.toUpperCase(Locale.ROOT)) {
            case ACTIVE -> Optional.of(TransportType.TCP_ACTIVE);
            case PASSIVE -> Optional.of(TransportType.TCP_PASSIVE);
            case SIMULTANEOUS_OPEN -> Optional.of(TransportType.TCP_SIMULTANEOUS_OPEN);
            default -> SdpDialect.super.transport(token, tcpType);
        };
    }

    @Override
    public String transportToken(TransportType transport) {
        return switch (transport.tcpType()) {
            case NONE -> transport.protocol();
            case ACTIVE -> ACTIVE;
            case PASSIVE -> PASSIVE;
            case SIMULTANEOUS_OPEN -> SIMULTANEOUS_OPEN;
        };
    }

    @Override
    public boolean writesTcpType() {
        return false;
    }

    /** An active candidate of a relay has the port that it connects from, which is that of the passive one (seen). */
    @Override
    public Candidate told(Candidate candidate) {
        return candidate;
    }

    /**
     * Active server-reflexive candidates stand in every published offer with a relay over TCP, without a NAT as well (seen): a peer's Edge
     * lets in whom its client has sent to, and so learns whence we connect.
     */
    @Override
    public boolean tellsWhereConnectionsComeFrom() {
        return true;
    }

    /** @param localPreference the candidate's running number in its section, counted from 1, see {@link MsPriority} */
    @Override
    public long priority(CandidateType type, TransportType transport, int localPreference, int component) {
        return MsPriority.of(type, transport, localPreference, component);
    }

    /** On a tunnel of IPv6 through IPv4 it is the least of all (seen for Teredo; inferred for 6to4). */
    @Override
    public long hostPriority(InetAddress address, TransportType transport, int localPreference, int component) {
        return isTunnel(address)
                ? MsPriority.ofTunnel(transport, localPreference, component)
                : priority(CandidateType.HOST, transport, localPreference, component);
    }

    private static boolean isTunnel(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean global = bytes.length > Integer.BYTES && bytes[0] == 0x20;
        return global && (bytes[1] == 0x02 || bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0);
    }

    /** None that both opens and accepts connections, for which its clients have no word (seen: UDP, TCP-ACT and TCP-PASS alone). */
    @Override
    public boolean mayOffer(Candidate candidate, List<Candidate> known) {
        return candidate.transport().tcpType() != TcpType.SIMULTANEOUS_OPEN && isBearable(candidate, known);
    }

    /** Two server-reflexive candidates of one address and two ports upset some clients (seen by another agent's authors). */
    public static boolean isBearable(Candidate candidate, List<Candidate> known) {
        return candidate.type() != CandidateType.SERVER_REFLEXIVE
                || known.stream()
                        .noneMatch(other -> other.type() == CandidateType.SERVER_REFLEXIVE
                                && other.transport().equals(candidate.transport())
                                && other.address()
                                        .host()
                                        .equals(candidate.address().host())
                                && other.address().port() != candidate.address().port());
    }

    /** By number, then by component (seen). */
    @Override
    public List<Candidate> arranged(List<Candidate> candidates) {
        List<Candidate> arranged = new ArrayList<>(candidates);
        arranged.sort(Comparator.comparingInt((Candidate candidate) -> MsPriority.numberOf(candidate))
                .thenComparingInt(Candidate::component));
        return arranged;
    }

    @Override
    public boolean foundationsPerStream() {
        return true;
    }

    /** Published offers have them there (seen), and a reader of such may look nowhere else (inferred). */
    @Override
    public boolean credentialsInEachSection() {
        return true;
    }

    /** Published offers have the port alone (seen). */
    @Override
    public boolean rtcpIsPortAlone() {
        return true;
    }

    /** None: they are older than options (seen). */
    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public IceCredentials credentials(RandomGenerator random) {
        return IceCredentials.random(random, UFRAG_LENGTH, PASSWORD_LENGTH);
    }

    /**
     * The UDP relay if there is one, else a host candidate, each time IPv4 before IPv6 (seen; both kinds of offer). Where there is TCP alone,
     * as where it was selected, it is TCP's that others can connect to, if any (inferred: the lines name what is selected, and 0.0.0.0 is
     * who holds a call).
     */
    @Override
    public Optional<Candidate> defaultCandidate(List<Candidate> candidates) {
        return defaultAmong(candidates, candidate -> candidate.transport().isUdp())
                .or(() -> defaultAmong(
                        candidates, candidate -> candidate.transport().equals(TransportType.TCP_PASSIVE)))
                .or(() -> defaultAmong(candidates, candidate -> true));
    }

    private static Optional<Candidate> defaultAmong(List<Candidate> candidates, Predicate<Candidate> which) {
        return candidates.stream()
                .filter(which)
                .filter(candidate -> candidate.address() instanceof IpAddress)
                .min(Comparator.comparingInt((Candidate candidate) -> order(candidate.type()))
                        .thenComparing(candidate -> candidate.address() instanceof IpAddress ip && ip.isIpv6())
                        .thenComparing(
                                Comparator.comparingLong(Candidate::priority).reversed()));
    }

    private static int order(CandidateType type) {
        return switch (type) {
            case RELAYED -> 0;
            case HOST -> 1;
            case SERVER_REFLEXIVE -> 2;
            case PEER_REFLEXIVE -> 3;
        };
    }

    /**
     * A body that says to a reader of the older form that none of the streams is for it: its checks are not ours, and a fallback that
     * could be answered would end in a call without media (seen from another client).
     */
    @Override
    public Optional<String> fallbackBody(IceDescription description) {
        StringBuilder body = new StringBuilder(
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=session\r\n" + "c=IN IP4 127.0.0.1\r\nt=0 0\r\n");
        for (StreamDescription stream : description.streams()) {
            body.append("m=")
                    .append(stream.mediaLine().media())
                    .append(" 0 ")
                    .append(stream.mediaLine().protocol())
                    .append(' ')
                    .append(stream.mediaLine().formats())
                    .append("\r\n");
        }
        return Optional.of(body.toString());
    }

    @Override
    public String toString() {
        return "MS-ICE2 SDP";
    }
}
