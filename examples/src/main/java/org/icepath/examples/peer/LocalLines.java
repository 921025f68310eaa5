// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceEvent;
import org.icepath.sdp.CandidateLine;
import org.icepath.sdp.SdpDialect;

/**
 * Our own description, and what trickles after it. Thread-safe: the description comes from one thread, events from another, and
 * no candidate may be told before the description or twice.
 */
final class LocalLines {

    private final JsonLines out;
    private final boolean trickle;
    private final Set<String> told = new HashSet<>();
    private final List<String> early = new ArrayList<>();
    private boolean described;
    private boolean gathered;

    LocalLines(JsonLines out, boolean trickle) {
        this.out = out;
        this.trickle = trickle;
    }

    /** Tells the description, then what came while it was made. */
    synchronized void description(IceDescription description) {
        StreamDescription stream = description.streams().get(0);
        IceCredentials credentials = stream.credentials().orElseThrow();
        ObjectNode local =
                JsonLines.event("local").put("ufrag", credentials.ufrag()).put("pwd", credentials.password());
        if (description.lite()) {
            local.put("lite", true);
        }
        ArrayNode lines = local.putArray("candidates");
        for (Candidate candidate : stream.candidates()) {
            String line = line(candidate);
            told.add(line);
            lines.add(line);
        }
        if (description.offers(IceDescription.RENOMINATION)) {
            local.put("renomination", true);
        }
        if (description.offers(IceDescription.ICE2)) {
            local.put("ice2", true);
        }
        out.emit(local.put("end", !trickle || stream.endOfCandidates()));
        described = true;
        early.forEach(this::tell);
        early.clear();
        if (stream.endOfCandidates()) {
            gathered = false;
        }
        tellEnd();
    }

    synchronized void on(IceEvent event) {
        if (!trickle) {
            return;
        }
        if (event instanceof IceEvent.CandidateGathered found) {
            String line = line(found.candidate());
            if (described) {
                tell(line);
            } else {
                early.add(line);
            }
        } else if (event instanceof IceEvent.GatheringCompleted) {
            gathered = true;
            tellEnd();
        }
    }

    /** The lines are the standard's, whatever the profile. */
    private static String line(Candidate candidate) {
        return CandidateLine.format(SdpDialect.RFC8839.told(candidate));
    }

    private void tell(String line) {
        if (told.add(line)) {
            out.emit(JsonLines.event("candidate").put("candidate", line));
        }
    }

    private void tellEnd() {
        if (trickle && described && gathered) {
            gathered = false;
            out.emit(JsonLines.event("end-of-candidates"));
        }
    }
}
