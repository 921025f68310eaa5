// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.jspecify.annotations.Nullable;

/** Reads the session section. For one reading; not thread-safe. */
final class SessionReader {
    private final IceDescription.Builder description;
    private final SdpDialect dialect;
    private final Problems problems;
    private final CredentialLines credentials = new CredentialLines();
    private @Nullable CandidateAddress connection;
    private @Nullable IceCredentials resolved;
    private boolean endOfCandidates;

    SessionReader(IceDescription.Builder description, SdpDialect dialect, Problems problems) {
        this.description = description;
        this.dialect = dialect;
        this.problems = problems;
    }

    void read(List<SdpLine> lines) {
        for (SdpLine line : lines) {
            try {
                read(line);
            } catch (SdpParseException | IllegalArgumentException e) {
                problems.add(line, String.valueOf(e.getMessage()));
            }
        }
        resolved = credentials.resolve(credentials, problems).orElse(null);
    }

    private void read(SdpLine line) {
        if (line.isType('c')) {
            connection = SdpAddresses.connection(line.value(), 0);
        } else if (line.isType('a') && !credentials.take(line, problems)) {
            readAttribute(line, line.attribute());
        }
    }

    private void readAttribute(SdpLine line, String attribute) {
        switch (attribute) {
            case "ice-options" -> options(line.attributeValue()).forEach(description::option);
            case "ice-pacing" ->
                description.pacing(
                        Duration.ofMillis(SdpAddresses.number("ice-pacing", line.attributeValue(), 0, 9_999_999_999L)));
            case "ice-lite" -> description.lite(true);
            case "group" -> readGroup(line.attributeValue());
            case "end-of-candidates" -> endOfCandidates = true;
            case "remote-candidates", "ice-mismatch" -> problems.add(line, "belongs into an m= section");
            default -> {
                if (dialect.isCandidateAttribute(attribute)) {
                    problems.add(line, "belongs into an m= section");
                }
            }
        }
    }

    private void readGroup(String value) {
        List<String> parts = options(value);
        if (!parts.isEmpty() && parts.get(0).equals("BUNDLE")) {
            description.bundleGroup(parts.subList(1, parts.size()));
        }
    }

    /** Tokens between blanks, a bounded number of them. */
    static List<String> options(String value) {
        return Arrays.stream(value.split("[ \t]+"))
                .filter(option -> !option.isEmpty())
                .limit(SdpLimits.LIST)
                .toList();
    }

    CredentialLines credentials() {
        return credentials;
    }

    /** The session's own pair, if it is whole and good. */
    Optional<IceCredentials> pair() {
        return Optional.ofNullable(resolved);
    }

    /** The session's c= address with port 0, for streams that have none of their own. */
    Optional<CandidateAddress> connection() {
        return Optional.ofNullable(connection);
    }

    boolean endOfCandidates() {
        return endOfCandidates;
    }
}
