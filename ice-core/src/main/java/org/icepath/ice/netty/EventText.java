// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;

/** Events in the words of the log: the one formatter through which addresses get there. */
final class EventText {

    private EventText() {}

    static String of(IceEvent event) {
        if (event instanceof IceEvent.CandidateGathered gathered) {
            return gathered.stream() + "/" + gathered.candidate().component() + " gathered " + of(gathered.candidate());
        } else if (event instanceof IceEvent.FirstCheckReceived check) {
            return check.stream() + "/" + check.component() + " first check from " + CandidateAddress.of(check.from());
        } else if (event instanceof IceEvent.PathReady ready) {
            return ready.stream() + "/" + ready.component() + " ready over " + of(ready.pair());
        } else if (event instanceof IceEvent.FirstPacket packet) {
            return packet.stream() + "/" + packet.component() + " first packet from "
                    + CandidateAddress.of(packet.from());
        } else if (event instanceof IceEvent.PathChanged changed) {
            return changed.stream() + "/" + changed.component() + " " + changed.cause() + " "
                    + changed.from().map(pair -> of(pair) + " => ").orElse("") + of(changed.to());
        } else if (event instanceof IceEvent.ConsentLost lost) {
            return lost.stream() + "/" + lost.component() + " consent lost on " + of(lost.pair());
        } else if (event instanceof IceEvent.Failed failed) {
            return "failed: " + failed.failure().kind() + ", "
                    + failed.failure().explanation();
        }
        return event.toString();
    }

    static String of(CandidatePair pair) {
        return of(pair.local()) + " -> " + of(pair.remote());
    }

    static String of(Candidate candidate) {
        return candidate.type().token() + " " + candidate.address();
    }
}
