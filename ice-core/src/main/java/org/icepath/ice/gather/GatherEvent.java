// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

/** What a {@link Gatherer} tells its owner. */
public sealed interface GatherEvent {

    /** A candidate was found that was not known before. */
    record Found(GatheredCandidate candidate) implements GatherEvent {}

    /** A candidate will not be there. */
    record Missed(MissingCandidate candidate) implements GatherEvent {}

    /** It is this allocation's turn to be asked for. */
    record AllocationDue(AllocationRequest request) implements GatherEvent {}

    /**
     * The name of a STUN server is to be looked up once more: there was none when it was looked up, or none that a socket can reach that
     * has come since. Answered with {@link Gatherer#stunServerResolved} or {@link Gatherer#stunServerUnresolved}.
     *
     * @param server its place in the configuration, from 0
     */
    record StunServerSought(int server) implements GatherEvent {}

    /**
     * As {@link StunServerSought}, of a TURN server.
     *
     * @param server its place in the configuration, from 0
     */
    record TurnServerSought(int server) implements GatherEvent {}

    /**
     * The description may go out: all is gathered, or the deadline has come. Told once, and once more where there was no candidate and
     * there is one, or another attempt at last.
     */
    record DescriptionDue() implements GatherEvent {}

    /** The description is as full as the deadline lets it be, for a peer that takes no candidates later. Told as often as {@link DescriptionDue}. */
    record FullDescriptionDue() implements GatherEvent {}

    /** Nothing more will come. Told once, after {@link DescriptionDue}. */
    record Completed() implements GatherEvent {}
}
