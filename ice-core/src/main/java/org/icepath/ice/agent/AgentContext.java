// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CheckForm;
import org.icepath.ice.Envelope;
import org.icepath.ice.RemoteTraits;
import org.icepath.ice.SessionRules;
import org.icepath.sansio.Base;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/** What all parts of one agent share: its settings, its role, what it knows of the peer, and where it puts what it has to say. */
final class AgentContext {

    private final AgentSettings settings;
    private final RandomGenerator random;
    private final Roles roles;
    private final Outbox outbox = new Outbox();
    private final CheckCodec codec;
    private final CheckListSet lists;
    private final Strategies strategies;
    private RemoteTraits traits = RemoteTraits.NONE;
    private PeerNature peer = PeerNature.UNKNOWN;
    private boolean renomination;
    private int lastNomination;
    private boolean wraps;
    private Encounters encounters = Encounters.NONE;

    AgentContext(AgentSettings settings, RandomGenerator random, CheckScratch scratch) {
        this.settings = settings;
        this.random = random;
        this.roles = new Roles(settings.role(), settings.tieBreaker(), random);
        this.codec = new CheckCodec(settings.checks(), settings.local(), scratch);
        this.lists = new CheckListSet(
                settings.streams(),
                settings.maxPairs(),
                settings.timings().rto().toNanos());
        this.strategies = new Strategies(settings, outbox);
    }

    AgentSettings settings() {
        return settings;
    }

    RandomGenerator random() {
        return random;
    }

    Roles roles() {
        return roles;
    }

    Outbox outbox() {
        return outbox;
    }

    CheckCodec codec() {
        return codec;
    }

    CheckListSet lists() {
        return lists;
    }

    /** What the application decides about pairs, kept from doing harm. */
    Strategies strategies() {
        return strategies;
    }

    RemoteTraits traits() {
        return traits;
    }

    /** When things are done towards this peer. */
    SessionRules rules() {
        return settings.rules().towards(traits);
    }

    /** What was met with, besides pairs. */
    Encounters encounters() {
        return encounters;
    }

    void met(Encounters more) {
        encounters = more;
    }

    /** What the peer's description says of it. */
    PeerNature peer() {
        return peer;
    }

    void peer(PeerNature described) {
        peer = described;
    }

    /** Sends the answer to a check, and where there is one its companion. */
    void answer(Base base, InetSocketAddress to, @Nullable Envelope envelope, FormCodec codec, ByteBuffer answer) {
        outbox.send(base, to, envelope, answer);
        if (settings.checks().sendsCompanions(traits)) {
            outbox.sendCompanion(base, to, envelope, codec.form(), answer);
        }
    }

    /** Whether something must stand before what goes to some address of the peer's. */
    boolean wraps() {
        return wraps;
    }

    /** From now on everything that goes to an address of the peer's is in an envelope. */
    void wrap(KnownRemote remote, Envelope envelope) {
        wraps = true;
        if (remote.wrapsIn(envelope)) {
            outbox.event(new AgentEvent.Wrapped(remote.address(), envelope));
        }
    }

    /** Takes what the peer's description tells of its implementation; returns whether that is news. */
    boolean learn(IceDescription description) {
        RemoteTraits before = traits;
        traits = settings.checks().learn(traits, description);
        return traits != before;
    }

    /** Takes what a message that has authenticated tells of the peer's implementation; returns whether that is news. */
    boolean learn(CheckForm form, StunMessage message) {
        RemoteTraits before = traits;
        traits = settings.checks().learn(traits, form, message);
        return traits != before;
    }

    /** Whether both sides have offered renomination. */
    boolean renominates() {
        return renomination;
    }

    void renominates(boolean agreed) {
        renomination = agreed;
    }

    /** The number of our next nomination, 1 and up; 0 where both sides have not agreed to number them. */
    int nextNomination() {
        return renomination ? ++lastNomination : 0;
    }

    /** Whether there is another number. */
    boolean mayRenominate() {
        return renomination && lastNomination < NominationOrder.LAST;
    }

    /** Between 0.8 and 1.2 of an interval: what is sent regularly by many must not fall into step (RFC 7675 §5.1). */
    long jittered(long nanos) {
        return nanos * 4 / 5 + random.nextLong(nanos * 2 / 5 + 1);
    }
}
