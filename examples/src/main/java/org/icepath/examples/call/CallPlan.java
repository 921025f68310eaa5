// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;

/**
 * What is to happen.
 *
 * @param packetsSecond of each phone, 1 to 1000
 * @param answered when bob picks up, after media has begun to flow
 * @param opened when the firewall opens, after media has begun to flow, where it does
 * @param talk how long they talk after that
 * @param patience how long the phones try before they give up (RFC 8863)
 * @param renomination whether the phones offer renomination
 * @param profile how the phones speak
 */
record CallPlan(
        Scenario scenario,
        int packetsSecond,
        Duration answered,
        Duration opened,
        Duration talk,
        Duration patience,
        boolean renomination,
        CallProfile profile) {

    /** A plan for phones of the standard. */
    CallPlan(
            Scenario scenario,
            int packetsSecond,
            Duration answered,
            Duration opened,
            Duration talk,
            Duration patience,
            boolean renomination) {
        this(scenario, packetsSecond, answered, opened, talk, patience, renomination, CallProfile.RFC);
    }

    /** A plan for phones without renomination. */
    CallPlan(
            Scenario scenario,
            int packetsSecond,
            Duration answered,
            Duration opened,
            Duration talk,
            Duration patience) {
        this(scenario, packetsSecond, answered, opened, talk, patience, false);
    }
}
