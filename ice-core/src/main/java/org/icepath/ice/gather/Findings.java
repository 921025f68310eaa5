// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.icepath.sansio.Output;
import org.icepath.stun.AddressFamily;

/** What gathering has to tell: which candidates there are, which are missing and why, and what is due. Not thread-safe. */
final class Findings {

    private static final int MAX_MISSING = 200;

    /** What may be asked for beside a relayed address. */
    enum Beside {
        IPV4("IPv4 candidate"),
        IPV6("IPv6 candidate"),
        /** RFC 8656 §7.1, EVEN-PORT and RESERVATION-TOKEN. */
        PORTS_IN_A_ROW("candidates on ports in a row");

        private final String words;

        Beside(String words) {
            this.words = words;
        }

        static Beside of(AddressFamily family) {
            return family == AddressFamily.IPV4 ? IPV4 : IPV6;
        }
    }

    private final GatherSettings settings;
    private final List<MissingCandidate> missing = new ArrayList<>();
    private final ArrayDeque<GatherEvent> events = new ArrayDeque<>(1);

    Findings(GatherSettings settings) {
        this.settings = settings;
    }

    void tell(GatherEvent event) {
        events.add(event);
    }

    void found(GatheredCandidate candidate) {
        tell(new GatherEvent.Found(candidate));
    }

    /** What was, or would have been, asked of a server from a base brings no candidate. */
    void miss(LocalBase local, Attempt.Kind kind, int server, String why) {
        miss(new MissingCandidate(local.stream(), local.component(), what(local, kind, server), why));
    }

    /** A relay lacks something that was asked for beside it. */
    void miss(AllocationRequest request, Beside beside, String why) {
        LocalBase local = request.local();
        miss(new MissingCandidate(local.stream(), local.component(), what(request, beside), why));
    }

    /** A relay has something that was asked for beside it. */
    void came(AllocationRequest request, Beside beside) {
        came(request.local(), what(request, beside));
    }

    private String what(LocalBase local, Attempt.Kind kind, int server) {
        String what = kind == Attempt.Kind.BINDING
                ? "server-reflexive candidate from " + settings.stunServers().get(server)
                : "relayed candidate from " + settings.turnServers().get(server);
        return what + over(local);
    }

    private String what(AllocationRequest request, Beside beside) {
        return "relayed " + beside.words + " from " + settings.turnServers().get(request.server())
                + over(request.local());
    }

    private static String over(LocalBase local) {
        return " over " + local;
    }

    /** What was asked of a server from a base has come: it was missing at most for a while. */
    void came(LocalBase local, Attempt.Kind kind, int server) {
        if (!missing.isEmpty()) {
            came(local, what(local, kind, server));
        }
    }

    private void came(LocalBase local, String what) {
        missing.removeIf(new MissingCandidate(local.stream(), local.component(), what, "")::isOfOneWith);
    }

    /** A base is gone: what servers have not given it concerns nobody any more. */
    void gone(LocalBase local) {
        missing.removeIf(each -> each.stream() == local.stream()
                && each.component() == local.component()
                && each.what().endsWith(over(local)));
    }

    /** Takes what is missing, as long as the list of it is not too long; what is missing still, for what was said last. */
    void miss(MissingCandidate candidate) {
        if (missing.contains(candidate)) {
            return;
        }
        missing.removeIf(candidate::isOfOneWith);
        if (missing.size() < MAX_MISSING) {
            missing.add(candidate);
            tell(new GatherEvent.Missed(candidate));
        }
    }

    /** What is not there; a view. */
    List<MissingCandidate> missing() {
        return Collections.unmodifiableList(missing);
    }

    void drainTo(Output<? super GatherEvent> out) {
        for (GatherEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }
}
