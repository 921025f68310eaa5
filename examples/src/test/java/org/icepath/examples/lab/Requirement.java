// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.Optional;
import java.util.function.Predicate;

/** What must hold of every meeting of a cell. */
enum Requirement {
    /** Connected, and data crossed both ways where both can send. */
    CONNECTED("connected", pair -> true),

    /** On a path through both NATs without a relay. */
    REFLEXIVE("on a reflexive pair", pair -> !pair.has("relay") && (pair.has("srflx") || pair.has("prflx"))),

    /** Straight over IPv6. */
    IPV6("on an IPv6 pair", pair -> pair.within("2001:db8:")),

    /** As the run itself judges. */
    HOLDS("as the run judges", pair -> true),

    /** Without a relay, whatever the addresses. */
    DIRECT("without a relay", pair -> !pair.has("relay")),

    /** Over TCP, without a relay. */
    TCP("over TCP without a relay", pair -> pair.isTcp() && !pair.has("relay")),

    /** By a relay. */
    RELAYED("by a relay", pair -> pair.has("relay")),

    /** Straight over the common LAN, although a VPN would do. */
    LAN_HOST("on the LAN host pair", pair -> pair.types().equals("host-host") && pair.within("192.168.1.")),

    /** No path, and a report that says why. */
    FAILS_WITH_REPORT("failed with a report", pair -> false);

    private final String words;
    private final Predicate<SelectedPair> admits;

    Requirement(String words, Predicate<SelectedPair> admits) {
        this.words = words;
        this.admits = admits;
    }

    /** Why a meeting is not what is required; empty if it is. */
    Optional<String> complaint(Outcome outcome) {
        if (this == FAILS_WITH_REPORT) {
            return withoutPath(outcome);
        }
        if (!outcome.complaint().isEmpty()) {
            return Optional.of(outcome.complaint());
        }
        if (outcome.a().isEmpty() && outcome.b().isEmpty()) {
            return Optional.of("no selected pair");
        }
        // a side that sees the relay's address as the peer's own cannot tell it from another: one side knows
        boolean relayed = this == RELAYED;
        boolean a = outcome.a().map(admits::test).orElse(!relayed);
        boolean b = outcome.b().map(admits::test).orElse(!relayed);
        return (relayed ? a || b : a && b)
                ? Optional.empty()
                : Optional.of("not " + words + ": " + outcome.a() + ", " + outcome.b());
    }

    private static Optional<String> withoutPath(Outcome outcome) {
        if (outcome.connected()) {
            return Optional.of("connected although there is no path");
        }
        if (!outcome.log().contains("\"failed\"")) {
            return Optional.of("did not say that it failed");
        }
        boolean reported =
                outcome.log().contains("\"event\":\"report\"") && outcome.log().contains("\"verdict\":");
        return reported ? Optional.empty() : Optional.of("failed without a report");
    }
}
