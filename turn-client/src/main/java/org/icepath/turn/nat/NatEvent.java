// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

/** What a {@link NatDiscovery} has to tell. */
public sealed interface NatEvent {

    /**
     * One test is over.
     *
     * @param what for people
     */
    record TestDone(String what) implements NatEvent {}

    /** All tests are over. The last event. */
    record Finished(NatReport report) implements NatEvent {}
}
