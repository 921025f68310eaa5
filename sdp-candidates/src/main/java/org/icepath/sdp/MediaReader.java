// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.jspecify.annotations.Nullable;

/** Reads one m= section. For one reading; not thread-safe. */
final class MediaReader {
    private static final CandidateAddress NO_HOST = CandidateAddress.of("0.0.0.0", 0);

    private final StreamDescription.Builder stream;
    private final SessionReader session;
    private final SdpDialect dialect;
    private final Problems problems;
    private final CredentialLines credentials = new CredentialLines();
    private int port;
    private int candidates;
    private @Nullable SdpLine connection;
    private @Nullable SdpLine rtcp;

    MediaReader(int index, SessionReader session, SdpDialect dialect, Problems problems) {
        this.stream = StreamDescription.builder(index);
        this.session = session;
        this.dialect = dialect;
        this.problems = problems;
    }

    StreamDescription read(List<SdpLine> lines) {
        stream.endOfCandidates(session.endOfCandidates());
        for (SdpLine line : lines) {
            try {
                read(line);
            } catch (SdpParseException | IllegalArgumentException e) {
                problems.add(line, String.valueOf(e.getMessage()));
            }
        }
        credentials.resolve(session.credentials(), problems).ifPresent(stream::credentials);
        readDestinations();
        return stream.build();
    }

    private void read(SdpLine line) {
        if (line.isType('m')) {
            readMediaLine(line.value());
        } else if (line.isType('c')) {
            connection = connection == null ? line : connection;
        } else if (line.isType('a') && !credentials.take(line, problems)) {
            readAttribute(line, line.attribute());
        }
    }

    /** A malformed m= line keeps its place, as a rejected stream: the indices of those behind it depend on it. */
    private void readMediaLine(String value) {
        stream.mediaLine(new MediaLine("unknown", "unknown", ""));
        String[] parts = value.split(" +", 4);
        if (parts.length < 3 || value.length() > SdpLimits.LINE_LENGTH) {
            throw new SdpParseException("not media, port, protocol and formats: taken as a rejected stream");
        }
        int slash = parts[1].indexOf('/');
        int announced = SdpAddresses.port(slash < 0 ? parts[1] : parts[1].substring(0, slash));
        stream.mediaLine(new MediaLine(parts[0], parts[2], parts.length > 3 ? parts[3] : ""));
        port = announced;
    }

    private void readAttribute(SdpLine line, String attribute) {
        switch (attribute) {
            case "mid" -> stream.mid(line.attributeValue());
            case "rtcp" -> rtcp = line;
            case "rtcp-mux" -> stream.rtcpMux(true);
            case "bundle-only" -> stream.bundleOnly(true);
            case "ice-options" -> SessionReader.options(line.attributeValue()).forEach(stream::option);
            case "ice-mismatch" -> stream.iceMismatch(true);
            case "end-of-candidates" -> stream.endOfCandidates(true);
            case "remote-candidates" -> readRemoteCandidates(line);
            case "ice-lite", "ice-pacing" -> problems.add(line, "belongs before the first m= line: left out");
            default -> {
                if (dialect.isCandidateAttribute(attribute)) {
                    readCandidate(line);
                }
            }
        }
    }

    private void readCandidate(SdpLine line) {
        if (++candidates > SdpLimits.CANDIDATES) {
            if (candidates == SdpLimits.CANDIDATES + 1) {
                problems.add(line, "more than " + SdpLimits.CANDIDATES + " candidates: this and the rest left out");
            }
            return;
        }
        CandidateLine.read(
                line.text().substring(2),
                dialect,
                stream::candidate,
                candidate -> {
                    stream.unusableCandidate(candidate);
                    problems.add(line, candidate.reason() + ": not usable, but kept");
                },
                remark -> problems.add(line, remark));
    }

    private void readRemoteCandidates(SdpLine line) {
        String[] parts = line.attributeValue().split("[ \t]+", -1);
        int triples = Math.min(parts.length / 3, SdpLimits.LIST);
        for (int i = 0; i < triples; i++) {
            try {
                stream.remoteCandidate(new RemoteCandidate(
                        (int) SdpAddresses.number("component", parts[3 * i], 1, 256),
                        SdpAddresses.address(parts[3 * i + 1], SdpAddresses.port(parts[3 * i + 2]))));
            } catch (SdpParseException e) {
                problems.add(line, "entry " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (triples * 3 != parts.length) {
            problems.add(line, "not component, address and port throughout: the rest left out");
        }
    }

    /** Only now are m=, c= and a=rtcp all known, whatever their order. */
    private void readDestinations() {
        Optional<CandidateAddress> host = readConnection();
        host.map(address -> address.withPort(port)).ifPresent(stream::destination);
        if (host.isEmpty() && port == 0) {
            stream.destination(NO_HOST);
        }
        if (rtcp != null) {
            try {
                SdpAddresses.rtcp(rtcp.attributeValue(), host).ifPresent(stream::rtcpDestination);
            } catch (SdpParseException e) {
                problems.add(rtcp, String.valueOf(e.getMessage()));
            }
        }
    }

    private Optional<CandidateAddress> readConnection() {
        if (connection == null) {
            return session.connection();
        }
        try {
            return Optional.of(SdpAddresses.connection(connection.value(), 0));
        } catch (SdpParseException e) {
            problems.add(connection, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
