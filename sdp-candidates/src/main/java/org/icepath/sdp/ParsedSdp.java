// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.List;
import org.icepath.candidate.IceDescription;

/**
 * What was read from a body.
 *
 * @param description all that could be understood
 * @param problems what could not, in the order of the lines; at most 100
 */
public record ParsedSdp(IceDescription description, List<SdpProblem> problems) {
    /** Copies the list. */
    public ParsedSdp {
        problems = List.copyOf(problems);
    }
}
