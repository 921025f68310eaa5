// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.GatherEvent;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.ice.gather.Gatherer;

/** What gathering comes to: candidates and what is missed, relays to be asked for, and when the description is due. Not thread-safe. */
final class GatherOutcomes {

    private final Streams streams;
    private final EngineOutbox outbox;
    private final HiddenAddresses hidden;
    private final Gatherer gatherer;
    private final Relays relays;
    private final LocalListener listener;

    GatherOutcomes(
            Streams streams,
            EngineOutbox outbox,
            HiddenAddresses hidden,
            Gatherer gatherer,
            Relays relays,
            LocalListener listener) {
        this.streams = streams;
        this.outbox = outbox;
        this.hidden = hidden;
        this.gatherer = gatherer;
        this.relays = relays;
        this.listener = listener;
    }

    /** Takes what gathering says, from within a drain at {@code now}. */
    void gatherEvent(long now, GatherEvent event) {
        if (event instanceof GatherEvent.Found found) {
            onFound(now, found.candidate());
        } else if (event instanceof GatherEvent.Missed missed) {
            String what = "no " + missed.candidate().what() + ": "
                    + missed.candidate().why();
            outbox.timeline().add(now, () -> what);
        } else if (event instanceof GatherEvent.AllocationDue due) {
            allocate(now, due.request());
        } else if (event instanceof GatherEvent.StunServerSought sought) {
            outbox.tell(new EngineEvent.StunServerSought(sought.server()));
        } else if (event instanceof GatherEvent.TurnServerSought sought) {
            outbox.tell(new EngineEvent.TurnServerSought(sought.server()));
        } else if (event instanceof GatherEvent.DescriptionDue) {
            onDescriptionDue(now);
        } else if (event instanceof GatherEvent.FullDescriptionDue) {
            onFullDescriptionDue();
        } else if (event instanceof GatherEvent.Completed) {
            outbox.session(now, new IceEvent.GatheringCompleted());
            listener.toCome(now);
        }
    }

    private void onFound(long now, GatheredCandidate candidate) {
        String stream = streams.nameOf(candidate.stream());
        outbox.session(now, new IceEvent.CandidateGathered(stream, hidden.told(candidate.candidate())));
        listener.found(now, candidate);
        listener.toCome(now);
    }

    private void allocate(long now, AllocationRequest request) {
        if (relays.mayAllocate(request)) {
            relays.allocate(now, request);
        } else {
            gatherer.allocationFailed(
                    now,
                    request,
                    request.local().transport().isTcp()
                            ? "the server relays no connections"
                            : "the server relays TCP where it is asked over TCP, which is for TCP candidates");
        }
    }

    private void onDescriptionDue(long now) {
        if (gatherer.candidates().isEmpty()) {
            List<String> tried = gatherer.missing().stream()
                    .map(missing -> missing.what() + ": " + missing.why())
                    .toList();
            outbox.session(
                    now,
                    new IceEvent.Failed(new IceFailure(
                            IceFailure.Kind.NO_CANDIDATES, "no candidate could be gathered", "", 0, 0, tried)));
            return;
        }
        outbox.tell(new EngineEvent.DescriptionDue());
        listener.described(now);
    }

    private void onFullDescriptionDue() {
        if (!gatherer.candidates().isEmpty()) {
            outbox.tell(new EngineEvent.FullDescriptionDue());
        }
    }
}
