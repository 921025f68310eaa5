// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/** Explains a description (RFC 8445 §5.1, RFC 8839 §3.2.5): what is missing, impossible or suspicious in it. Without state. */
public final class CandidateExplainer {
    private CandidateExplainer() {}

    /**
     * What there is to say, the worst first, and in the order of the streams where equally bad. Rejected streams are passed
     * over.
     */
    public static List<Finding> explain(IceDescription description) {
        List<Finding> findings = new ArrayList<>();
        for (StreamDescription stream : description.streams()) {
            if (!stream.rejected()) {
                findings.addAll(explain(description, stream));
            }
        }
        findings.sort(Comparator.comparing(Finding::severity).reversed());
        return List.copyOf(findings);
    }

    private static List<Finding> explain(IceDescription description, StreamDescription stream) {
        Findings findings = new Findings("stream " + stream.index() + " ("
                + stream.mid().orElse(stream.mediaLine().media()) + "): ");
        if (!stream.hasIce()) {
            findings.warning(
                    "no ice-ufrag and ice-pwd: the peer gets plain packets at the default destination, without ICE");
            return findings.list();
        }
        if (stream.iceMismatch()) {
            findings.error("the peer answered ice-mismatch: something on the way rewrote our m= or c= line");
        }
        if (!stream.candidates().isEmpty() && description.mismatch(stream)) {
            findings.error(
                    "the default destination is not among the candidates: something on the way rewrote the m= or c="
                            + " line");
        }
        if (stream.candidates().isEmpty()) {
            withoutCandidates(description, stream, findings);
        } else {
            AddressRules.check(stream.candidates(), findings);
            CoverageRules.check(stream, description.lite(), findings);
            ConsistencyRules.check(stream.candidates(), findings);
        }
        stream.unusableCandidates()
                .forEach(candidate -> findings.hint("a candidate is left aside: " + candidate.reason()));
        return findings.list();
    }

    private static void withoutCandidates(IceDescription description, StreamDescription stream, Findings findings) {
        if (description.bundled(stream) || stream.bundleOnly()) {
            return;
        }
        boolean trickles =
                description.offers(IceDescription.TRICKLE) || stream.options().contains(IceDescription.TRICKLE);
        if (trickles && !stream.endOfCandidates()) {
            findings.hint("no candidates yet: they are to be trickled");
        } else {
            findings.error("no candidates: nothing was gathered, or all of it was filtered out");
        }
    }
}
