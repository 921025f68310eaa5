// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.NatMapping;
import org.icepath.ice.Pacer;
import org.icepath.sdp.SdpDialect;
import org.icepath.stun.StunDialect;

/**
 * What a {@link Gatherer} goes by.
 *
 * @param filters what every candidate must pass
 * @param stunServers the STUN servers as a person knows them, in the order of the configuration
 * @param turnServers the TURN servers likewise
 * @param stun how messages to STUN servers are written
 * @param pacer the beat shared with all agents
 * @param ta least time between two new transactions (RFC 8445 §14.2)
 * @param rto first retransmission timeout, 500 ms or more (RFC 8445 §14.3)
 * @param keepalive how often the bindings of server-reflexive candidates are kept alive (RFC 8445 §5.1.1.4, §11)
 * @param deadline when the description goes out with what there is
 * @param atOnce whether the description goes out with the host candidates, because the others are trickled (RFC 8838 §4)
 * @param maxCandidates the most candidates of one component; the first of a type, family and transport comes in all the same
 * @param natMappings the NATs that need no server to be known
 * @param sdp what foundations and priorities are made of
 * @param portPairs whether relays of RTP and RTCP are to have ports that follow each other (RFC 8656 §7.1)
 */
public record GatherSettings(
        List<CandidateFilter> filters,
        List<String> stunServers,
        List<String> turnServers,
        StunDialect stun,
        Pacer pacer,
        Duration ta,
        Duration rto,
        Duration keepalive,
        Duration deadline,
        boolean atOnce,
        int maxCandidates,
        List<NatMapping> natMappings,
        SdpDialect sdp,
        boolean portPairs) {

    public GatherSettings {
        filters = List.copyOf(filters);
        stunServers = List.copyOf(stunServers);
        turnServers = List.copyOf(turnServers);
        natMappings = List.copyOf(natMappings);
        Objects.requireNonNull(stun, "stun");
        Objects.requireNonNull(pacer, "pacer");
        Objects.requireNonNull(sdp, "sdp");
    }
}
