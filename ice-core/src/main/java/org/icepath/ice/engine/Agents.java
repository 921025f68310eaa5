// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.agent.AgentSettings;
import org.icepath.ice.agent.EarlyChecks;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.ice.pacing.Turns;

/** Makes what a generation needs: credentials of ours, and the agent that uses them towards one peer. */
final class Agents {

    private final EngineSettings settings;
    private final IceConfig config;
    private final RandomGenerator random;
    private final long tieBreaker;
    private final Turns turns;
    private final Consumer<String> fragments;

    /**
     * @param turns what the agents share Ta with
     * @param fragments is told each username fragment of ours
     */
    Agents(EngineSettings settings, RandomGenerator random, Turns turns, Consumer<String> fragments) {
        // a lite agent lets nobody else be controlled: 0 loses every contest for control
        this(settings, random, settings.config().isLite() ? 0 : random.nextLong(), turns, fragments);
    }

    private Agents(
            EngineSettings settings, RandomGenerator random, long tieBreaker, Turns turns, Consumer<String> fragments) {
        this.settings = settings;
        this.config = settings.config();
        this.random = random;
        this.tieBreaker = tieBreaker;
        this.turns = turns;
        this.fragments = fragments;
    }

    /** The same for one peer: its generations together keep to one Ta (RFC 8445 §14.2). */
    Agents taking(Turns ofPeer) {
        return new Agents(settings, random, tieBreaker, ofPeer, fragments);
    }

    /** What keeps the way to a peer without ICE open. */
    PlainKeepalives plainKeepalives() {
        return new PlainKeepalives(config, random);
    }

    /** How long refused offers wait in a dialog. */
    GlareDelay glareDelay(boolean offeredFirst) {
        return new GlareDelay(random, offeredFirst);
    }

    /** Fresh credentials; both the fragment and the password are new (RFC 8445 §9). */
    OurGeneration begin(IceRole role) {
        IceCredentials credentials = config.profile().sdp().credentials(random);
        fragments.accept(credentials.ufrag());
        IceRole early = config.isLite() ? IceRole.CONTROLLED : role;
        return new OurGeneration(
                credentials,
                new EarlyChecks(
                        config.profile().checks(),
                        credentials,
                        early,
                        tieBreaker,
                        settings.workshop().checks()));
    }

    /** Whether the agents are lite (RFC 8445 §2.5). */
    boolean lite() {
        return config.isLite();
    }

    /** @param remote the description that the agent is for: what it shows says how many pairs there may be */
    IceAgent agent(OurGeneration ours, IceRole role, List<StreamLayout> streams, IceDescription remote) {
        AgentSettings made = new AgentSettings(
                config.profile().checks(),
                config.profile().rules(),
                config.timings(),
                role,
                tieBreaker,
                ours.credentials(),
                settings.pacer(),
                config.nomination(),
                config.pathSelector(),
                config.ranking(),
                config.renominates(),
                streams,
                config.maxPairs(config.profile().rulesTowards(remote)),
                config.maxCandidates(),
                config.isLite());
        return new IceAgent(made, random, turns, settings.workshop().checks());
    }
}
