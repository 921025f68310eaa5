// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceRole;
import org.icepath.sdp.CandidateLine;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.SdpParseException;

/**
 * The {@code remote} command, read.
 *
 * @param description what the other side said of itself
 * @param role the role that the reader takes, if the line says so
 * @param problems one sentence for each candidate that could not be read
 */
record RemoteLine(IceDescription description, Optional<IceRole> role, List<String> problems) {

    /** The one stream of a peer, with formats that stand for "any". */
    private static final MediaLine MEDIA = new MediaLine("audio", "RTP/AVP", "0");

    /**
     * Reads the command.
     *
     * @param renomination whether the other side offers it, where its line does not say so: other implementations have no word for it
     * @param sdp how its candidates may be written
     * @throws IllegalArgumentException if the credentials or the role are malformed
     */
    static RemoteLine read(JsonNode command, boolean renomination, SdpDialect sdp) {
        List<String> problems = new ArrayList<>();
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode line : command.path("candidates")) {
            try {
                candidates.add(CandidateLine.parse(line.asText(), sdp));
            } catch (SdpParseException e) {
                problems.add("candidate left out: " + e.getMessage() + ": " + line.asText());
            }
        }
        boolean end = command.path("end").asBoolean(true);
        StreamDescription stream = StreamDescription.builder(0)
                .mediaLine(MEDIA)
                .credentials(new IceCredentials(text(command, "ufrag"), text(command, "pwd")))
                .candidates(candidates)
                .endOfCandidates(end)
                .build();
        IceDescription.Builder description = IceDescription.builder().stream(stream)
                .lite(command.path("lite").asBoolean(false));
        if (!end) {
            description.option(IceDescription.TRICKLE);
        }
        if (command.path("renomination").asBoolean(renomination)) {
            description.option(IceDescription.RENOMINATION);
        }
        if (command.path("ice2").asBoolean(false)) {
            description.option(IceDescription.ICE2);
        }
        command.path("candidates").forEach(line -> mark(line.asText(), sdp).ifPresent(description::mark));
        return new RemoteLine(IceSdp.withDefaults(description.build()), role(command), problems);
    }

    /** The dialect that a candidate line shows its writer to speak. */
    private static Optional<String> mark(String line, SdpDialect sdp) {
        String attribute = line.startsWith("a=") ? line.substring(2) : line;
        int colon = attribute.indexOf(':');
        return colon < 0 ? Optional.empty() : sdp.mark(attribute.substring(0, colon), attribute.substring(colon + 1));
    }

    private static Optional<IceRole> role(JsonNode command) {
        if (!command.has("role")) {
            return Optional.empty();
        }
        return Optional.of(
                switch (command.path("role").asText()) {
                    case "controlling" -> IceRole.CONTROLLING;
                    case "controlled" -> IceRole.CONTROLLED;
                    default -> throw new IllegalArgumentException("role is neither controlling nor controlled");
                });
    }

    private static String text(JsonNode command, String name) {
        if (!command.path(name).isTextual()) {
            throw new IllegalArgumentException("remote without " + name);
        }
        return command.path(name).asText();
    }
}
