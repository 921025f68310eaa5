// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.jspecify.annotations.Nullable;

/**
 * Two phones of different dialects, and a third party between them that has one configuration for both: it takes alice's call, makes one
 * to bob, and hands each one's packets to the other.
 */
final class JoinedCall implements AutoCloseable {

    private static final String AUDIO = "audio";
    private static final int LONGEST_WAIT_SECONDS = 20;

    private final CallPlan plan;
    private final Timeline timeline;
    private final Softphone alice;
    private final Softphone bob;
    private final SdpDialect sdp;
    private final IceSession toAlice;
    private final IceSession toBob;
    private @Nullable IcePeer aliceAsPeer;
    private boolean agreed;

    private JoinedCall(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime) throws IOException {
        this.plan = plan;
        this.timeline = timeline;
        this.alice = new Softphone("alice", runtime, stage.alice(), timeline);
        this.bob = new Softphone("bob", runtime, stage.bob(), timeline);
        IceConfig between = stage.between().stream(AUDIO, Candidate.RTP);
        this.sdp = between.profile().sdp();
        this.toAlice = runtime.open(between);
        this.toBob = runtime.open(between);
    }

    static CallOutcome run(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (JoinedCall call = new JoinedCall(plan, timeline, stage, runtime)) {
            return call.run();
        }
    }

    private CallOutcome run() throws InterruptedException, ExecutionException, TimeoutException {
        timeline.begin();
        timeline.say("alice", "calls bob and gathers candidates");
        IcePath fromAlice = answer(alice.inviteStranger());
        IcePath fromBob = call();
        join(fromAlice, fromBob);
        join(fromBob, fromAlice);
        timeline.say("between", "joins the two; it has not been told how they speak");
        await(CompletableFuture.allOf(fromAlice.ready(), fromBob.ready()));
        MediaClock clock = MediaClock.start(plan.packetsSecond(), this::speak);
        try {
            await(CompletableFuture.allOf(alice.heard(), bob.heard()));
            timeline.say("bob", "200 OK");
            exchangeFinally();
            Thread.sleep(plan.talk().toMillis());
            timeline.say("alice", "BYE");
        } finally {
            clock.stop();
        }
        Thread.sleep(Call.DRAIN.toMillis());
        List<CallOutcome.Direction> directions =
                List.of(CallOutcome.Direction.of(alice, bob), CallOutcome.Direction.of(bob, alice));
        boolean connected = directions.stream().allMatch(direction -> direction.received() > 0);
        return new CallOutcome(connected, agreed, alice.way(), directions, alice.report());
    }

    private IcePath answer(SipBody invite) throws InterruptedException, ExecutionException, TimeoutException {
        IceAnswer answer = get(toAlice.answer(invite.read(sdp)));
        alice.hear(IceSdp.format(answer.description(), sdp));
        aliceAsPeer = answer.peer();
        return answer.peer().path(AUDIO, Candidate.RTP);
    }

    private IcePath call() throws InterruptedException, ExecutionException, TimeoutException {
        String progress = bob.ring(IceSdp.format(get(toBob.offer()), sdp));
        return toBob.accept(IceSdp.parse(progress, sdp).description()).path(AUDIO, Candidate.RTP);
    }

    private static void join(IcePath from, IcePath to) {
        from.onReceive(packet -> to.send(packet.payload()));
    }

    /** Alice owes a final offer, as her dialect has it; who stands between has learnt that dialect meanwhile, and obeys. */
    private void exchangeFinally() throws InterruptedException, ExecutionException, TimeoutException {
        await(alice.owesFinalOffer());
        String offer = alice.reinvite();
        IcePeer asPeer = Objects.requireNonNull(aliceAsPeer, "alice has called");
        String answer = IceSdp.format(get(asPeer.answer(IceSdp.parse(offer, sdp).description())), sdp);
        agreed = alice.namesSelectedAlone(offer);
        timeline.say(
                "between",
                agreed
                        ? "200 OK to a final offer of exactly the selected candidate"
                        : "200 OK to an offer of other candidates than the selected one");
        alice.rehear(answer);
    }

    private static <T> T get(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(CompletableFuture<Void> what)
            throws InterruptedException, ExecutionException, TimeoutException {
        get(what);
    }

    private void speak() {
        long inBuffers = alice.voice().sent()
                - bob.ear().received()
                + bob.voice().sent()
                - alice.ear().received();
        if (inBuffers < Call.MOST_IN_BUFFERS) {
            alice.speak();
            bob.speak();
        }
    }

    @Override
    public void close() {
        alice.close();
        bob.close();
        toAlice.close();
        toBob.close();
    }
}
