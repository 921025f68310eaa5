// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.Locale;

/** What stands between the two phones. */
enum Scenario {
    /** Nothing: both are on one LAN, and no packet needs a relay. */
    LAN("Both phones are on one LAN.", new Conversation()),

    /** Two homes; a firewall keeps the direct path shut until after the call is answered. */
    HOME(
            "Two homes, each behind a port-restricted NAT. A firewall between them opens during the call.",
            new Conversation()),

    /** A home and an enterprise, between whose NATs no direct path can exist. */
    ENTERPRISE("A home behind a port-restricted NAT, an enterprise behind a symmetric one.", new Conversation()),

    /** Two homes that nothing connects: the firewall stays shut and there is no relay. */
    NO_PATH(
            "Two homes, each behind a port-restricted NAT. A firewall between them stays shut, and there is no relay.",
            new Vain()),

    /** Two homes; the firewall opens when the phones have agreed on the relay. */
    RESTART(
            "Two homes and a relay 100 ms away. The phones have agreed on it when the firewall between them opens: 5 ms.",
            new LatePromotion()),

    /** Two homes whose phones are on a VPN, too; the firewall opens when they have agreed on that. */
    VPN(
            "Two homes with a VPN that both phones are on. They have agreed on it when the firewall between them opens.",
            new LatePromotion()),

    /** Two homes whose direct path is cut when they have agreed on it. */
    FAILOVER(
            "Two homes with a direct path, and a relay in reserve. The firewall between them shuts in mid-call.",
            new Cut()),

    /** Two homes whose only path is cut, and opens again when they begin anew. */
    OUTAGE(
            "Two homes with a direct path, and no relay. The firewall between them shuts, and opens after a re-INVITE.",
            new Outage()),

    /** One LAN; each phone puts the other on hold. */
    HOLD(
            "Both phones are on one LAN. Alice puts bob on hold; later bob holds her the old way, by c=0.0.0.0.",
            new Hold()),

    /** One LAN; nobody but alice knows ICE. */
    NO_ICE("Both phones are on one LAN, and bob's knows nothing of ICE.", new Conversation()),

    /** One LAN; the INVITE rings two phones. */
    FORK(
            "All phones are on one LAN. The INVITE rings bob's and carol's; both play early media, and carol answers.",
            new Conversation());

    private static final Duration TO_SERVER = Duration.ofMillis(50);
    private static final Duration DIRECT = Duration.ofMillis(5);

    private final String story;
    private final Plot plot;

    Scenario(String story, Plot plot) {
        this.story = story;
        this.plot = plot;
    }

    /** The situation in a sentence or two. */
    String story() {
        return story;
    }

    /** How the call goes on. */
    Plot plot() {
        return plot;
    }

    /** How long a packet takes from a phone to the server, or back. */
    Duration toServer() {
        return this == RESTART ? TO_SERVER : Duration.ZERO;
    }

    /** How long a packet takes from router to router. */
    Duration direct() {
        return this == RESTART ? DIRECT : Duration.ZERO;
    }

    /** Whether the phones have routers before them. */
    boolean behindRouters() {
        return !onOneLan();
    }

    private boolean onOneLan() {
        return this == LAN || this == HOLD || this == NO_ICE || this == FORK;
    }

    /** Whether a TURN server is on offer. Without ICE media would go by it: the default destination is what everybody reaches. */
    boolean hasRelay() {
        return this != NO_PATH && this != VPN && this != NO_ICE && this != OUTAGE;
    }

    /** Whether both phones are on a VPN. */
    boolean hasVpn() {
        return this == VPN;
    }

    /** Whether the firewall opens before the paths are agreed. */
    boolean opens() {
        return this == HOME;
    }

    /** Whether the firewall opens after that. */
    boolean opensLate() {
        return this == RESTART || this == VPN;
    }

    /** Whether the firewall is open from the beginning, and shuts. */
    boolean shuts() {
        return this == FAILOVER || this == OUTAGE;
    }

    /** Whether what is cut stays so until consent on it has ended (RFC 7675 §5.1). */
    boolean outlastsConsent() {
        return this == OUTAGE;
    }

    /** A path that is cut in silence is left, or found again, within this time. */
    Duration longestSilence() {
        return this == OUTAGE ? Duration.ofSeconds(20) : Duration.ofSeconds(6);
    }

    /** A description as the other phone reads it. */
    String carried(String body) {
        return this == NO_ICE ? body.replaceAll("(?m)^a=(ice-|candidate|end-of-candidates).*\\R", "") : body;
    }

    /** As it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
