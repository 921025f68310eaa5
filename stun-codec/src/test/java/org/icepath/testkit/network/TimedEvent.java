// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

/**
 * An event of a machine and when it came.
 *
 * @param at nanoseconds of the network's time
 * @param event what the machine reported
 * @param <E> the machine's events
 */
public record TimedEvent<E>(long at, E event) {

    @Override
    public String toString() {
        return at / 1e6 + " ms " + event;
    }
}
