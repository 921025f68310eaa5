// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.jspecify.annotations.Nullable;

/**
 * One of the two phones: a session, a voice and an ear. The signalling thread drives it, the media thread speaks, and events come
 * on the session's event loop.
 */
final class Softphone implements AutoCloseable {

    private static final String AUDIO = "audio";
    private static final long MAX_WAIT_SECONDS = 10;

    private final String name;
    private final SdpDialect sdp;
    private final IceSession session;
    private final Timeline timeline;
    private final RtpSender voice;
    private final RtpReceiver ear = new RtpReceiver();
    private final CompletableFuture<IceFailure> failed = new CompletableFuture<>();
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private final CompletableFuture<Void> promoted = new CompletableFuture<>();
    private final CompletableFuture<Void> selected = new CompletableFuture<>();
    private final CompletableFuture<Void> wishes = new CompletableFuture<>();
    private final CompletableFuture<Void> restarted = new CompletableFuture<>();
    private final CompletableFuture<Void> saved = new CompletableFuture<>();
    private final CompletableFuture<Void> owesFinalOffer = new CompletableFuture<>();
    private final CompletableFuture<Void> reinvited = new CompletableFuture<>();
    private final CompletableFuture<Void> back = new CompletableFuture<>();
    private volatile boolean consentLost;
    private volatile Runnable offerDue = () -> {};
    private volatile boolean silent;
    private volatile @Nullable IcePath path;
    private volatile @Nullable IcePeer peer;

    Softphone(String name, IceRuntime runtime, IceConfig config, Timeline timeline) {
        this.name = name;
        this.sdp = config.profile().sdp();
        this.timeline = timeline;
        this.voice = new RtpSender(name.hashCode());
        this.session = runtime.open(config.stream(AUDIO, Candidate.RTP));
        session.onEvent(this::on);
    }

    String name() {
        return name;
    }

    RtpSender voice() {
        return voice;
    }

    RtpReceiver ear() {
        return ear;
    }

    /** Completes when no path was found. */
    CompletableFuture<IceFailure> failed() {
        return failed;
    }

    /** Completes when the first packet of the other has arrived. */
    CompletableFuture<Void> heard() {
        return heard;
    }

    /** Completes when media has moved to a better path. */
    CompletableFuture<Void> promoted() {
        return promoted;
    }

    /** Completes when the phones have agreed on a path. */
    CompletableFuture<Void> selected() {
        return selected;
    }

    /** Completes when a further offer would bring media to a better path. */
    CompletableFuture<Void> wishes() {
        return wishes;
    }

    /** Completes when the selected paths are to be told in a final offer. */
    CompletableFuture<Void> owesFinalOffer() {
        return owesFinalOffer;
    }

    /** Whether a description has the candidate of ours that is selected, and no other. */
    boolean namesSelectedAlone(String description) {
        List<Candidate> told =
                IceSdp.parse(description, sdp).description().streams().get(0).candidates();
        IcePath known = path;
        return known != null
                && told.size() == 1
                && known.current()
                        .filter(pair ->
                                pair.local().address().equals(told.get(0).address())
                                        && pair.local().type() == told.get(0).type())
                        .isPresent();
    }

    /** Completes when media has moved to the path of an ICE restart. */
    CompletableFuture<Void> restarted() {
        return restarted;
    }

    /** Completes when media has left a broken path for a reserve. */
    CompletableFuture<Void> saved() {
        return saved;
    }

    /** Gathers and gives the SDP of an INVITE. */
    String invite() throws InterruptedException, ExecutionException, TimeoutException {
        return text(offer());
    }

    /** Gathers and gives the body of an INVITE to someone of whom nothing is known. */
    SipBody inviteStranger() throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = offer();
        return SipBody.of(text(offer), offer, sdp);
    }

    private IceDescription offer() throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = session.offer().get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        timeline.say(name, "INVITE, " + candidates(offer));
        return offer;
    }

    private String text(IceDescription description) {
        return IceSdp.format(description, sdp);
    }

    /** Takes the SDP of an INVITE, gathers and gives the SDP of a 183. */
    String ring(String invite) throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = IceSdp.parse(invite, sdp).description();
        IceAnswer answer = session.answer(offer).get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        timeline.say(name, "183 Session Progress, " + candidates(answer.description()));
        use(answer.peer());
        return text(answer.description());
    }

    /** Takes the SDP of a 183. */
    void hear(String progress) {
        use(session.accept(IceSdp.parse(progress, sdp).description()));
    }

    /**
     * Takes the SDP of a 183 of one phone of several; {@link #talkTo} begins to speak to it.
     *
     * @param into hears what that phone says
     */
    Fork hear(String progress, RtpReceiver into) {
        IcePeer other = session.accept(IceSdp.parse(progress, sdp).description());
        CompletableFuture<Void> early = new CompletableFuture<>();
        other.onEvent(event -> {
            if (event instanceof IceEvent.FirstPacket) {
                early.complete(null);
            }
        });
        other.path(AUDIO, Candidate.RTP).onReceive(packet -> into.receive(packet.payload()));
        return new Fork(other, early);
    }

    /**
     * One of several phones that an INVITE rings.
     *
     * @param heard completes when its first packet has arrived
     */
    record Fork(IcePeer peer, CompletableFuture<Void> heard) {}

    /** Speaks to this one of several phones from now on. */
    void talkTo(Fork fork) {
        peer = fork.peer();
        path = fork.peer().path(AUDIO, Candidate.RTP);
    }

    /** Says nothing, or speaks again. */
    void silent(boolean now) {
        silent = now;
    }

    /**
     * Gives the SDP of a re-INVITE that puts the other on hold.
     *
     * @param old whether as RFC 2543 had it, by an address of nobody
     */
    String hold(boolean old) throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = peer().offer().get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        timeline.say(name, "re-INVITE, " + (old ? "c=0.0.0.0" : "a=inactive") + ": hold");
        String body = text(offer);
        return old ? body.replaceAll("(?m)^c=.*$", "c=IN IP4 0.0.0.0") : body + "a=inactive\r\n";
    }

    /** Which generation of ICE the call is in; restarts count it up. */
    int generation() {
        return peer().generation().number();
    }

    /** Runs on the session's event loop when a further offer becomes due. */
    void onOfferDue(Runnable listener) {
        offerDue = listener;
    }

    /** The further offer that is due, if any. */
    Optional<PendingOffer> pendingOffer() {
        IcePeer known = peer;
        return known == null ? Optional.empty() : known.pendingOffer();
    }

    /** Completes when there is a path again after consent was lost, or before that by an ICE restart of the other. */
    CompletableFuture<Void> back() {
        return back;
    }

    /** Completes with the first re-INVITE. */
    CompletableFuture<Void> reinvited() {
        return reinvited;
    }

    /** The other has refused the last offer, or said nothing. */
    void rollback() {
        peer().rollback();
    }

    /** Gives the SDP of a re-INVITE. */
    String reinvite() throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = peer().offer().get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        timeline.say(name, "re-INVITE, " + candidates(offer));
        reinvited.complete(null);
        return text(offer);
    }

    /** Takes the SDP of a re-INVITE and gives the SDP of its 200. */
    String reanswer(String reinvite) throws InterruptedException, ExecutionException, TimeoutException {
        IceDescription offer = IceSdp.parse(reinvite, sdp).description();
        IceDescription answer = peer().answer(offer).get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        timeline.say(name, "200 OK, " + candidates(answer));
        return text(answer);
    }

    /** Takes the SDP of the 200 to a re-INVITE. */
    void rehear(String ok) throws InterruptedException, ExecutionException, TimeoutException {
        peer().accept(IceSdp.parse(ok, sdp).description()).get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private IcePeer peer() {
        IcePeer known = peer;
        if (known == null) {
            throw new IllegalStateException(name + " is in no call");
        }
        return known;
    }

    /** Sends the next packet, if there is a path for it. */
    void speak() {
        IcePath known = path;
        if (known != null && !silent) {
            voice.send(known);
        }
    }

    /** The story so far. */
    IceReport report() throws InterruptedException, ExecutionException, TimeoutException {
        return session.report().get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** What carries the voice now, in words. */
    String way() {
        IcePath known = path;
        return known == null ? "no path" : known.current().map(PairText::way).orElse("no path");
    }

    @Override
    public void close() {
        session.close();
    }

    private void use(IcePeer other) {
        peer = other;
        IcePath audio = other.path(AUDIO, Candidate.RTP);
        audio.onReceive(packet -> ear.receive(packet.payload()));
        path = audio;
    }

    private void on(IceEvent event) {
        if (event instanceof IceEvent.PathChanged changed) {
            boolean again = consentLost && changed.cause() == PathChange.EARLY_MEDIA;
            timeline.say(name, again ? "media goes again: " + to(changed) : path(changed));
            if (consentLost || changed.cause() == PathChange.RESTART) {
                back.complete(null);
            }
            if (changed.cause() == PathChange.PROMOTED) {
                promoted.complete(null);
            } else if (changed.cause() == PathChange.RESTART) {
                restarted.complete(null);
            } else if (changed.cause() == PathChange.FAILOVER) {
                saved.complete(null);
            }
        } else if (event instanceof IceEvent.FirstPacket) {
            timeline.say(name, "hears the first packet");
            heard.complete(null);
        } else if (event instanceof IceEvent.StreamSelected) {
            timeline.say(name, "path agreed with the peer");
            selected.complete(null);
        } else if (event instanceof IceEvent.OfferPending pending) {
            due(pending.offer());
        } else if (event instanceof IceEvent.ConsentLost lost) {
            timeline.say(name, "consent lost on " + PairText.of(lost.pair()));
            consentLost = true;
        } else if (event instanceof IceEvent.Failed failure) {
            timeline.say(name, "gives up: " + failure.failure().explanation());
            failed.complete(failure.failure());
        }
    }

    private void due(PendingOffer offer) {
        String offers = offer.required() ? ", and must offer " : ", and wishes to offer ";
        String wait =
                offer.notBefore().isZero() ? "" : " in " + offer.notBefore().toSeconds() + " s, if that is still so";
        switch (offer.reason()) {
            case PROMOTION -> {
                timeline.say(name, "knows a better path" + offers + "an ICE restart" + wait);
                wishes.complete(null);
            }
            case PATHS_SELECTED -> owesFinalOffer.complete(null);
            case FAILED_STREAM -> timeline.say(name, "has lost all paths" + offers + "an ICE restart" + wait);
            case ADDRESS_CHANGED -> timeline.say(name, "has another address" + offers + "an ICE restart" + wait);
            case RESTART -> timeline.say(name, "is told to begin anew" + offers + "an ICE restart" + wait);
            case NEW_CANDIDATES -> timeline.say(name, "has new candidates" + offers + "them" + wait);
            case SELECTED_DIFFERS_FROM_DEFAULT ->
                timeline.say(name, "uses another path than told" + offers + "it" + wait);
        }
        offerDue.run();
    }

    private static String path(IceEvent.PathChanged changed) {
        String to = to(changed);
        return switch (changed.cause()) {
            case EARLY_MEDIA -> "early media goes " + to;
            case WITHOUT_ICE -> "media goes " + to + ", without ICE";
            case PROMOTED -> "media promoted: " + to;
            case NOMINATED -> "media moves to the nominated pair: " + to;
            case FAILOVER -> "media saved: " + to;
            case RESTART -> "media moves to the pair of the ICE restart: " + to;
        };
    }

    private static String to(IceEvent.PathChanged changed) {
        return PairText.way(changed.to()) + ", " + PairText.of(changed.to());
    }

    private static String candidates(IceDescription description) {
        Map<CandidateType, Long> counts = description.streams().get(0).candidates().stream()
                .collect(Collectors.groupingBy(Candidate::type, TreeMap::new, Collectors.counting()));
        if (counts.isEmpty()) {
            return "no candidate";
        }
        return "candidates: "
                + counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + PairText.of(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }
}
