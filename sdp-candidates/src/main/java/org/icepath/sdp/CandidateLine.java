// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Extension;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.candidate.UnusableCandidate;
import org.jspecify.annotations.Nullable;

/**
 * The candidate attribute, to and from text (RFC 8839 §5.1, RFC 6544 §4.5).
 *
 * <pre>
 * candidate:1 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998 generation 0
 *           |  |  |   |          |         |          |                            extensions
 *           |  |  |   priority   address   port       type
 *           |  |  transport
 *           |  component
 *           foundation
 * </pre>
 */
public final class CandidateLine {
    private static final int FIXED_PARTS = 8;

    private CandidateLine() {}

    /**
     * The candidate of {@code candidate:...}, with or without {@code a=} before it.
     *
     * @throws SdpParseException if it is malformed, or its type or transport cannot be used
     */
    public static Candidate parse(String text) {
        return parse(text, SdpDialect.RFC8839);
    }

    /** As {@link #parse(String)}, in a dialect. */
    public static Candidate parse(String text, SdpDialect dialect) {
        String attribute = text.startsWith("a=") ? text.substring(2) : text;
        if (attribute.length() > SdpLimits.LINE_LENGTH) {
            throw new SdpParseException("longer than " + SdpLimits.LINE_LENGTH + " characters");
        }
        List<Candidate> usable = new ArrayList<>(1);
        read(attribute, dialect, usable::add, CandidateLine::refuse, remark -> {});
        return usable.get(0);
    }

    private static void refuse(UnusableCandidate candidate) {
        throw new SdpParseException(candidate.reason());
    }

    /** {@code candidate:...} without {@code a=}. */
    public static String format(Candidate candidate) {
        return format(candidate, SdpDialect.RFC8839);
    }

    /** As {@link #format(Candidate)}, in a dialect. */
    public static String format(Candidate candidate, SdpDialect dialect) {
        TransportType transport = candidate.transport();
        StringBuilder text = new StringBuilder(96)
                .append(dialect.candidateAttribute(candidate))
                .append(':')
                .append(candidate.foundation().value())
                .append(' ')
                .append(candidate.component())
                .append(' ')
                .append(dialect.transportToken(transport))
                .append(' ')
                .append(candidate.priority())
                .append(' ')
                .append(candidate.address().host())
                .append(' ')
                .append(candidate.address().port())
                .append(" typ ")
                .append(candidate.type().token());
        candidate.relatedAddress().ifPresent(related -> text.append(" raddr ")
                .append(related.host())
                .append(" rport ")
                .append(related.port()));
        if (transport.isTcp() && dialect.writesTcpType()) {
            text.append(" tcptype ").append(transport.tcpType().token());
        }
        for (Extension extension : candidate.extensions()) {
            text.append(' ').append(extension.name()).append(' ').append(extension.value());
        }
        return text.toString();
    }

    /**
     * Reads one attribute and hands the outcome to exactly one of the first two consumers.
     *
     * @param attribute {@code candidate:...}
     * @param remarks is told what was left out of a candidate that is good otherwise
     * @throws SdpParseException if it is malformed
     */
    static void read(
            String attribute,
            SdpDialect dialect,
            Consumer<Candidate> usable,
            Consumer<UnusableCandidate> unusable,
            Consumer<String> remarks) {
        int colon = attribute.indexOf(':');
        if (colon < 0 || !dialect.isCandidateAttribute(attribute.substring(0, colon))) {
            throw new SdpParseException("not a candidate attribute");
        }
        String[] parts = attribute.substring(colon + 1).strip().split("[ \t]+", -1);
        if (parts.length < FIXED_PARTS || !parts[6].equalsIgnoreCase("typ")) {
            throw new SdpParseException("not foundation, component, transport, priority, address, port and typ");
        }
        Tail tail = Tail.read(parts, remarks);
        try {
            Optional<CandidateType> type = CandidateType.ofToken(parts[7]);
            Optional<TransportType> transport = dialect.transport(parts[2], tail.tcpType);
            // checked even where type or transport are unknown: the line must be well-formed to be passed on
            Candidate candidate =
                    candidate(parts, transport.orElse(TransportType.TCP_ACTIVE), type.orElse(CandidateType.HOST), tail);
            if (type.isPresent() && transport.isPresent()) {
                usable.accept(candidate);
            } else {
                unusable.accept(new UnusableCandidate(
                        attribute.stripTrailing(),
                        type.isEmpty() ? "unknown candidate type " + parts[7] : "unknown transport " + parts[2]));
            }
        } catch (IllegalArgumentException e) {
            throw new SdpParseException(String.valueOf(e.getMessage()));
        }
    }

    private static Candidate candidate(String[] parts, TransportType known, CandidateType type, Tail tail) {
        int port = SdpAddresses.port(parts[5]);
        // without tcptype TCP counts as passive, but old browsers wrote active candidates with port 0 and no tcptype
        boolean dialing = known.equals(TransportType.TCP_PASSIVE) && tail.tcpType == TcpType.NONE && port == 0;
        TransportType transport = dialing ? TransportType.TCP_ACTIVE : known;
        Candidate candidate = Candidate.of(
                        new Foundation(parts[0]),
                        (int) SdpAddresses.number("component", parts[1], 1, 256),
                        transport,
                        SdpAddresses.number("priority", parts[3], 1, Integer.MAX_VALUE),
                        SdpAddresses.address(parts[4], port),
                        type)
                .withExtensions(tail.extensions);
        return tail.related == null ? candidate : candidate.withRelatedAddress(tail.related);
    }

    /** What follows the type: pairs of name and value. */
    private static final class Tail {
        private TcpType tcpType = TcpType.NONE;
        private @Nullable CandidateAddress related;
        private final List<Extension> extensions = new ArrayList<>();

        private static Tail read(String[] parts, Consumer<String> remarks) {
            Tail tail = new Tail();
            String raddr = "";
            String rport = "";
            int pairs = Math.min((parts.length - FIXED_PARTS) / 2, SdpLimits.LIST);
            for (int i = FIXED_PARTS; i < FIXED_PARTS + 2 * pairs; i += 2) {
                String value = parts[i + 1];
                switch (parts[i]) {
                    case "raddr" -> raddr = value;
                    case "rport" -> rport = value;
                    case "tcptype" ->
                        tail.tcpType = TcpType.ofToken(value)
                                .orElseThrow(() -> new SdpParseException("unknown tcptype " + value));
                    default -> tail.extension(parts[i], value, remarks);
                }
            }
            if (FIXED_PARTS + 2 * pairs < parts.length) {
                remarks.accept("left out: what follows the last pair of extension name and value");
            }
            tail.related(raddr, rport, remarks);
            return tail;
        }

        private void extension(String name, String value, Consumer<String> remarks) {
            try {
                extensions.add(new Extension(name, value));
            } catch (IllegalArgumentException e) {
                remarks.accept("left out: " + e.getMessage());
            }
        }

        /** The related address is for people to read: a bad one must not cost the candidate. */
        private void related(String raddr, String rport, Consumer<String> remarks) {
            if (raddr.isEmpty() && rport.isEmpty()) {
                return;
            }
            try {
                related = SdpAddresses.address(raddr, SdpAddresses.port(rport));
            } catch (SdpParseException e) {
                remarks.accept("related address left out: " + e.getMessage());
            }
        }
    }
}
