// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

/**
 * A candidate that is not there, and why, in words for a person.
 *
 * @param stream place of the stream, from 0
 * @param component 1 and up
 * @param what should have become a candidate: "relayed candidate from turn.example.net over 192.0.2.1 (eth0)"
 * @param why "no answer within 9.5 s"
 */
public record MissingCandidate(int stream, int component, String what, String why) {

    /** Whether both say the same to be missing, for whatever reason. */
    boolean isOfOneWith(MissingCandidate other) {
        return stream == other.stream && component == other.component && what.equals(other.what);
    }
}
