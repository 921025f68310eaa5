// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.SessionRules;
import org.icepath.ice.pacing.Beat;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.StunParseException;
import org.jspecify.annotations.Nullable;

/**
 * One peer's agent for one generation (RFC 8445): not thread-safe, see {@link Machine}.
 *
 * <p>Inputs are candidates ({@link #addLocal}, {@link #addRemote}), descriptions ({@link #setRemote}), datagrams and the passing of
 * time; {@link AgentEvent}s say what came of them. It takes checks of the peer with its username and answers to checks of its own,
 * nothing else; {@link #componentOf} says whether other data from a source may be let through to the application.
 */
public final class IceAgent implements Machine<AgentEvent> {

    /** The answer of {@link #componentOf} for a source that nobody knows. */
    public static final int NOBODY = -1;

    /** In place of a length: the data counts elsewhere. */
    public static final int COUNTED = -1;

    private static final int COMPONENT_BITS = 9;

    private final AgentContext context;
    private final CheckClient client;
    private final CheckServer server;
    private final Pairing former;
    private final RemoteIntake remotes;
    private final RemoteDescriptions descriptions;
    private final Liveness liveness;
    private final DataWatch data;
    private final Disruptions disruptions;
    private final PairLinks links;
    private final NamedPairs named;
    private final IceProcessing processing;

    /**
     * Makes an agent that waits for candidates and a remote description.
     *
     * @param random for transaction ids, tie-breakers and jitter; must be cryptographically strong outside of tests
     */
    public IceAgent(AgentSettings settings, RandomGenerator random) {
        this(settings, random, new Turns());
    }

    /**
     * Makes an agent that waits for candidates and a remote description.
     *
     * @param random for transaction ids, tie-breakers and jitter; must be cryptographically strong outside of tests
     * @param turns shared with the gathering for this agent
     */
    public IceAgent(AgentSettings settings, RandomGenerator random, Turns turns) {
        this(settings, random, turns, new CheckScratch());
    }

    /**
     * Makes an agent that waits for candidates and a remote description.
     *
     * @param random for transaction ids, tie-breakers and jitter; must be cryptographically strong outside of tests
     * @param turns shared with the gathering for this agent
     * @param scratch shared with other agents of the thread
     */
    public IceAgent(AgentSettings settings, RandomGenerator random, Turns turns, CheckScratch scratch) {
        context = new AgentContext(settings, random, scratch);
        CheckResults results = new CheckResults(context);
        client = new CheckClient(context, results);
        PairFormer full = new PairFormer(context, client);
        former = settings.lite() ? new LitePairing(context, results, full) : full;
        remotes = new RemoteIntake(context, former);
        CheckConclusions conclusions = settings.lite()
                ? new LiteConclusions(context, results, former)
                : new TriggeredChecks(context, client, results, former);
        server = new CheckServer(context, results, remotes, conclusions);
        liveness = new Liveness(context, client, results);
        Beat beat = new Beat(settings.pacer(), turns, settings.timings().ta());
        processing = new IceProcessing(context, client, liveness, beat);
        data = new DataWatch(context, liveness, processing);
        disruptions = new Disruptions(context, client, results, liveness, former);
        links = new PairLinks(context, client, results);
        named = new NamedPairs(results);
        descriptions = new RemoteDescriptions(context, client, results, remotes, beat);
    }

    /** Takes a candidate of ours, before the remote description or later. One that is known already, or one too many, is ignored. */
    public void addLocal(long now, int stream, LocalCandidate candidate) {
        CheckList list = context.lists().list(stream);
        ComponentChecks component =
                list == null ? null : list.component(candidate.candidate().component());
        if (component == null) {
            throw new IllegalArgumentException(
                    "no component " + candidate.candidate().component() + " in stream " + stream);
        }
        if (isClosed() || component.freed() || component.knows(candidate)) {
            return;
        }
        boolean full = component.gathered() >= context.settings().maxCandidates();
        if (full && !component.isFirstOfKind(candidate)) {
            context.outbox().ignored("local candidate " + candidate.address() + ": one too many");
            return;
        }
        component.locals().add(candidate);
        formed(now, component.list(), former.form(now, component, List.of(candidate), component.remotes()));
    }

    /**
     * Takes what gathering may still bring.
     *
     * @param bestTypePreference the best type preference still possible (RFC 8445 §5.1.2.2): 100 while a server-reflexive
     *     candidate may come; 0 when gathering is done
     */
    public void localToCome(long now, int bestTypePreference) {
        processing.localToCome(bestTypePreference);
        settle(now);
    }

    /**
     * Takes the peer's description, the first one or a further one of the same generation: new candidates are added. With the
     * first one checks begin. Streams that it lacks, rejects or gives no credentials stay idle; other credentials than before are
     * not taken, they belong to another agent.
     */
    public void setRemote(long now, IceDescription remote) {
        if (isClosed()) {
            return;
        }
        processing.remoteToCome(descriptions.take(now, remote));
        context.lists().computeStates();
        settle(now);
    }

    /** Takes a candidate that the peer trickled (RFC 8838 §11). Before {@link #setRemote} it is ignored. */
    public void addRemote(long now, int stream, Candidate candidate) {
        CheckList list = context.lists().list(stream);
        if (isClosed() || list == null || list.credentials() == null) {
            context.outbox().ignored("remote candidate " + candidate.address() + ": no such stream yet");
            return;
        }
        formed(now, list, remotes.signalled(now, list, candidate));
    }

    /** The peer trickles no more (RFC 8838 §13). */
    public void endOfRemote(long now) {
        processing.remoteToCome(false);
        settle(now);
    }

    /** Whether a component has pairs of its own: it was not freed, as that of RTCP is where it travels with RTP. */
    public boolean takesPart(int stream, int component) {
        CheckList list = context.lists().list(stream);
        ComponentChecks checks = list == null ? null : list.component(component);
        return checks != null && !checks.freed();
    }

    /**
     * Takes the controlling peer's word, given in an offer, which pair of a component is selected.
     *
     * @param ours our candidate as the peer names it
     * @param theirs the peer's candidate
     * @return {@link PairClaim#SELECTED} when media goes that way from now on
     */
    public PairClaim claim(long now, int stream, int component, InetSocketAddress ours, InetSocketAddress theirs) {
        CheckList list = context.lists().list(stream);
        ComponentChecks checks = list == null ? null : list.component(component);
        if (isClosed() || list == null || checks == null || checks.freed()) {
            return PairClaim.SELECTED;
        }
        PairClaim claim = list.mayCheck() ? named.claim(now, checks, ours, theirs) : PairClaim.UNKNOWN;
        settle(now);
        return claim;
    }

    /** Acts upon a check that {@link EarlyChecks} kept, and answers it where that was not done; call it after {@link #setRemote}. */
    public void replay(long now, EarlyCheck check) {
        if (!isClosed()) {
            take(now, check.base(), check.from(), check.request(), !check.answered());
            settle(now);
        }
    }

    /** A stream takes part no longer: another agent carries it. */
    public void endStream(long now, int stream) {
        CheckList list = context.lists().list(stream);
        if (list != null) {
            descriptions.idle(list);
            settle(now);
        }
    }

    /** A component takes part no longer: it is multiplexed with another (RFC 5761). */
    public void freeComponent(long now, int stream, int component) {
        CheckList list = context.lists().list(stream);
        ComponentChecks freed = list == null ? null : list.component(component);
        if (freed != null && !freed.freed()) {
            freed.free(client);
            settle(now);
        }
    }

    private void formed(long now, CheckList list, boolean newPairs) {
        if (newPairs && list.state() == CheckList.State.FAILED) {
            // RFC 8838 §8: what comes late may still help
            list.start(now);
        }
        if (newPairs) {
            context.lists().computeStates();
        }
        settle(now);
    }

    /**
     * Takes checks of this peer and answers to ours.
     *
     * @return false when the datagram is not mine: application data, or STUN for somebody else
     */
    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (isClosed() || !context.codec().mayRead(payload) || !take(now, base, from, payload, true)) {
            return false;
        }
        settle(now);
        return true;
    }

    private boolean take(long now, Base base, InetSocketAddress from, ByteBuffer payload, boolean answers) {
        try {
            return switch (FormCodec.classOf(payload)) {
                case REQUEST -> server.handle(now, base, from, payload, answers);
                case SUCCESS, ERROR -> client.handleResponse(now, base, from, payload);
                case INDICATION -> data.keptAlive(now, base, from);
            };
        } catch (StunParseException e) {
            context.outbox().ignored("STUN message from " + CandidateAddress.of(from) + ": " + e.getMessage());
            return true;
        }
    }

    /**
     * Which component a source may send data to (RFC 8445 §12.2): it was signalled as a candidate of that component, or has sent
     * an authenticated check. Allocates nothing.
     *
     * @param base where a datagram arrived
     * @return {@link #NOBODY}, or what {@link #streamIn} and {@link #componentIn} take apart
     */
    public int componentOf(Base base, InetSocketAddress from) {
        return placeOf(data.component(base, from));
    }

    /** Whether a candidate of the peer's is at this address, whatever its port, signalled or learnt. */
    public boolean knows(int stream, int componentId, InetAddress address) {
        CheckList list = context.lists().list(stream);
        ComponentChecks component = list == null ? null : list.component(componentId);
        return component != null
                && component.remotes().stream()
                        .anyMatch(remote -> remote.address().getAddress().equals(address));
    }

    /**
     * Notes that the peer's data has come: when it falls silent, or comes another way, the path in use is looked at sooner. Allocates
     * nothing.
     *
     * @param bytes what is added to the pair's statistics; {@link #COUNTED} when another agent has it in its own
     * @return as {@link #componentOf}
     */
    public int dataArrived(long now, Base base, InetSocketAddress from, int bytes) {
        return placeOf(data.arrived(now, base, from, bytes));
    }

    private static int placeOf(@Nullable ComponentChecks component) {
        return component == null ? NOBODY : component.stream() << COMPONENT_BITS | component.id();
    }

    /**
     * As {@link #dataArrived}, for data of the source that was heard last, with nothing else in between.
     *
     * @return false where it is not known to be of that source, and nothing was taken
     */
    public boolean dataGoesOn(long now, Base base, InetSocketAddress from, int bytes) {
        return data.heardAgain(now, base, from, bytes) != null;
    }

    /** Whether the last {@link #dataArrived} has left something to hand over, or an earlier deadline. */
    public boolean isStirred() {
        return data.isStirred();
    }

    /** The stream's index in an answer of {@link #componentOf}. */
    public static int streamIn(int answer) {
        return answer >> COMPONENT_BITS;
    }

    /** The component in an answer of {@link #componentOf}. */
    public static int componentIn(int answer) {
        return answer & (1 << COMPONENT_BITS) - 1;
    }

    /** Our role now. */
    public IceRole role() {
        return context.roles().role();
    }

    /** When things are done towards this peer, as far as it is known. */
    public SessionRules rules() {
        return context.rules();
    }

    /** Where the peer stands. */
    public IceState state() {
        return processing.state();
    }

    /** Why a remote candidate of a stream is not paired; empty when it is, or would be with a candidate of ours that fits. */
    public Optional<String> whyUnused(int stream, Candidate candidate) {
        CheckList list = context.lists().list(stream);
        return list == null ? Optional.of("there are no checks for its stream") : remotes.whyUnused(list, candidate);
    }

    /** Whether a stream has found no path, or has lost its last one for good (RFC 8445 §6.1.2.1). */
    public boolean hasFailed(int stream) {
        CheckList list = context.lists().list(stream);
        return list != null && list.state() == CheckList.State.FAILED;
    }

    /** The pair that carries the component's data now; empty when there is none. */
    public Optional<ActivePair> current(int stream, int component) {
        CheckList list = context.lists().list(stream);
        ComponentChecks checks = list == null ? null : list.component(component);
        CheckPair current = checks == null ? null : checks.current();
        return Optional.ofNullable(current).map(CheckPair::active);
    }

    /** All pairs as they stand. */
    public AgentSnapshot snapshot(long now) {
        return AgentSnapshot.of(context, state());
    }

    /** One pair as it stands; empty when there is none of these candidates. */
    public Optional<PairSnapshot> snapshotOf(CandidatePair pair) {
        for (CheckList list : context.lists().lists()) {
            CheckPair found = list.find(pair);
            if (found != null) {
                return Optional.of(PairSnapshot.of(found));
            }
        }
        return Optional.empty();
    }

    @Override
    public void transmitted(long now) {
        processing.transmitted(now);
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        if (!isClosed() && disruptions.sendFailed(now, base, to, cause)) {
            settle(now);
        }
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        if (!isClosed() && disruptions.baseLost(now, base, cause)) {
            settle(now);
        }
    }

    /** Takes the fact that a connection stands: what is sent from {@code base} to {@code remote} travels on it. */
    public void connected(long now, Base base, InetSocketAddress remote) {
        if (!isClosed() && links.connected(now, base, remote)) {
            settle(now);
        }
    }

    /** Takes the fact that no connection leads from {@code base} to {@code remote}, or none any more. */
    public void disconnected(long now, Base base, InetSocketAddress remote, Cause cause) {
        if (!isClosed() && links.disconnected(now, base, remote, cause)) {
            settle(now);
        }
    }

    @Override
    public void handleTimeout(long now) {
        if (isClosed() || now < nextTimeout()) {
            return;
        }
        client.handleTimeout(now);
        data.handleTimeout(now);
        liveness.handleTimeout(now);
        links.handleTimeout(now);
        settle(now);
    }

    @Override
    public long nextTimeout() {
        if (isClosed()) {
            return NEVER;
        }
        long next = Math.min(client.nextTimeout(), Math.min(liveness.next(), data.next()));
        return Math.min(next, Math.min(links.next(), processing.next()));
    }

    /** Something has changed. */
    private void settle(long now) {
        data.forgetFlow();
        processing.goOn(now);
    }

    private boolean isClosed() {
        return processing.isClosed();
    }

    @Override
    public void drainTo(Output<? super AgentEvent> out) {
        data.forgetFlow();
        context.outbox().drainTo(out);
        client.drainTo(out);
    }

    /** Ends all checks; what was not sent yet is not sent. Idempotent. */
    public void close(long now) {
        if (isClosed()) {
            return;
        }
        processing.close();
        client.clear();
        context.outbox().dropDatagrams();
        context.lists().lists().forEach(CheckList::clear);
    }
}
