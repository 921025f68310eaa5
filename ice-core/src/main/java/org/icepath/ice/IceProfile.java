// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;
import java.util.ServiceLoader;
import org.icepath.candidate.IceDescription;
import org.icepath.sdp.SdpDialect;
import org.icepath.stun.StunDialect;
import org.icepath.turn.TurnDialect;

/**
 * How this side speaks: one dialect for each layer, chosen once. Immutable.
 *
 * @param name for reports
 * @param stun messages to STUN servers
 * @param turn allocations
 * @param checks connectivity checks
 * @param sdp descriptions
 * @param rules behaviour
 * @param timings intervals, unless the configuration names others
 */
public record IceProfile(
        String name,
        StunDialect stun,
        TurnDialect turn,
        CheckDialect checks,
        SdpDialect sdp,
        SessionRules rules,
        Timings timings) {

    /** The IETF's ICE: RFC 8445, 8489, 8656, 8839. */
    public static final IceProfile RFC8445 = new IceProfile(
            "RFC 8445",
            StunDialect.RFC8489,
            TurnDialect.RFC8656,
            CheckDialect.RFC8445,
            SdpDialect.RFC8839,
            SessionRules.RFC8445,
            Timings.RFC8445);

    /**
     * For a peer of which nothing is known: speaks RFC 8445 and every dialect that a provider ({@link AutoProfile}) brings. What a peer's
     * description shows decides; else each check is written in both ways until an answer has authenticated, and what comes is answered as it
     * was written. Nothing is nominated before. Without a provider it is {@link #RFC8445}.
     *
     * <p>So that a description shows all it can, read SIP bodies with their Content-Type and the {@link #sdp} of this profile:
     * {@link org.icepath.sdp.IceSdp#parse(String, String, SdpDialect)}.
     */
    public static IceProfile auto() {
        return ServiceLoader.load(AutoProfile.class, AutoProfile.class.getClassLoader())
                .findFirst()
                .map(AutoProfile::profile)
                .orElse(RFC8445);
    }

    /** The rules towards a peer of whom its description alone is known. */
    public SessionRules rulesTowards(IceDescription remote) {
        return rules.towards(checks.learn(RemoteTraits.NONE, remote));
    }

    public IceProfile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(stun, "stun");
        Objects.requireNonNull(turn, "turn");
        Objects.requireNonNull(checks, "checks");
        Objects.requireNonNull(sdp, "sdp");
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(timings, "timings");
    }
}
