// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Locale;
import java.util.function.Function;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;

/** Events in the words of reports and logs: the one formatter through which addresses get there. */
public final class EventText {

    private EventText() {}

    /** One event in a few words. */
    public static String of(IceEvent event) {
        if (event instanceof IceEvent.CandidateGathered gathered) {
            return place(gathered.stream(), gathered.candidate().component()) + "gathered " + of(gathered.candidate());
        } else if (event instanceof IceEvent.GatheringCompleted) {
            return "gathering is complete";
        } else if (event instanceof IceEvent.RoleChanged role) {
            return "our role is " + role.role() + " now";
        } else if (event instanceof IceEvent.StateChanged state) {
            return state.from() + " to " + state.to();
        } else if (event instanceof IceEvent.OfferPending pending) {
            return "an offer is due: " + of(pending.offer());
        } else if (event instanceof IceEvent.Failed failed) {
            return "failed: " + failed.failure().explanation();
        } else if (event instanceof IceEvent.RestartFailed failed) {
            return "the restart failed: " + failed.failure().explanation();
        } else if (event instanceof IceEvent.Ignored ignored) {
            return "ignored: " + ignored.reason();
        } else if (event instanceof IceEvent.Overruled overruled) {
            return (overruled.stream().isEmpty() ? "" : overruled.stream() + ": ") + overruled.reason()
                    + "; the library decides in its place";
        } else if (event instanceof IceEvent.StreamSelected selected) {
            return selected.stream() + ": every component has its selected pair";
        }
        return ofPath(event);
    }

    private static String ofPath(IceEvent event) {
        if (event instanceof IceEvent.FirstCheckReceived check) {
            return place(check.stream(), check.component()) + "first check of the peer, from "
                    + CandidateAddress.of(check.from());
        } else if (event instanceof IceEvent.PathReady ready) {
            return place(ready.stream(), ready.component()) + "ready over " + of(ready.pair());
        } else if (event instanceof IceEvent.FirstPacket packet) {
            return place(packet.stream(), packet.component()) + "first packet, from "
                    + CandidateAddress.of(packet.from());
        } else if (event instanceof IceEvent.PathChanged changed) {
            Function<CandidatePair, String> left = pair -> ", before that " + of(pair);
            return place(changed.stream(), changed.component()) + "sends over " + of(changed.to()) + ": "
                    + of(changed.cause()) + changed.from().map(left).orElse("");
        } else if (event instanceof IceEvent.ConsentLost lost) {
            return place(lost.stream(), lost.component()) + "consent lost on " + of(lost.pair());
        } else if (event instanceof IceEvent.WritabilityChanged changed) {
            return place(changed.stream(), changed.component())
                    + (changed.writable() ? "takes packets" : "takes no packets");
        }
        return event.toString();
    }

    static String of(PendingOffer due) {
        long millis = due.notBefore().toMillis();
        return due.reason()
                + (due.required() ? ", required" : ", wished")
                + (millis == 0 ? "" : String.format(Locale.ROOT, ", not before %.1f s have passed", millis / 1e3));
    }

    static String of(PathChange cause) {
        return switch (cause) {
            case EARLY_MEDIA -> "the first pair that answered";
            case WITHOUT_ICE -> "the peer's default destination, without ICE";
            case NOMINATED -> "nominated";
            case PROMOTED -> "a better pair answered";
            case FAILOVER -> "the pair in use was lost";
            case RESTART -> "an ICE restart selected it";
        };
    }

    static String of(CandidatePair pair) {
        return of(pair.local()) + " -> " + of(pair.remote());
    }

    static String of(Candidate candidate) {
        return candidate.type().token() + " " + candidate.address();
    }

    private static String place(String stream, int component) {
        return stream + "/" + component + " ";
    }
}
