// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceReport;

/**
 * What came of a call.
 *
 * @param connected whether voices went both ways
 * @param agreed whether the final exchange, in a dialect that has one, came in time and had exactly the selected candidates
 * @param way what carried them at the end, in words
 * @param directions both voices, alice's first
 * @param report alice's story
 */
record CallOutcome(boolean connected, boolean agreed, String way, List<Direction> directions, IceReport report) {

    /**
     * One voice, counted at both ends.
     *
     * @param from who spoke
     * @param to who listened
     * @param overtaken packets that a later one overtook
     * @param longestSilence between one packet and the next
     * @param missing the numbers of those that were lost
     */
    record Direction(
            String from,
            String to,
            long sent,
            long received,
            long duplicated,
            long overtaken,
            Duration longestSilence,
            String missing) {

        static Direction of(Softphone speaker, Softphone listener) {
            return of(speaker, listener.name(), listener.ear());
        }

        static Direction of(Softphone speaker, String listener, RtpReceiver ear) {
            return new Direction(
                    speaker.name(),
                    listener,
                    speaker.voice().sent(),
                    ear.received(),
                    ear.duplicated(),
                    ear.overtaken(),
                    ear.longestSilence(),
                    ear.missing(speaker.voice().sent()));
        }

        long lost() {
            return sent - received;
        }
    }

    CallOutcome {
        directions = List.copyOf(directions);
    }

    long lost() {
        return directions.stream().mapToLong(Direction::lost).sum();
    }

    long duplicated() {
        return directions.stream().mapToLong(Direction::duplicated).sum();
    }

    /** Whether voices went both ways, were heard again within that time and never twice, and all that was to be agreed was. */
    boolean survived(Duration longestSilence) {
        return connected
                && agreed
                && duplicated() == 0
                && directions.stream().allMatch(each -> each.longestSilence().compareTo(longestSilence) <= 0);
    }

    /** Whether every packet arrived exactly once, and all that was to be agreed was. */
    boolean clean() {
        return connected && agreed && lost() == 0 && duplicated() == 0;
    }
}
