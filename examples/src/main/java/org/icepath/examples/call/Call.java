// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.icepath.Icepath;
import org.icepath.ice.IceRuntime;

/** A call from INVITE to BYE. One thread runs it: what SIP would carry, it carries as text from one phone to the other. */
final class Call {

    /** What is on its way when the phones fall silent has arrived after this. */
    static final Duration DRAIN = Duration.ofMillis(500);

    // Both together are far fewer than a usual socket buffer holds: where the machine is too slow, the rate drops
    // and no packet does. What is lost on the way still counts as lost.
    static final long MOST_IN_BUFFERS = 128;

    static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final CallPlan plan;
    private final Timeline timeline;
    private final Stage stage;
    private final Softphone alice;
    private final Softphone bob;
    private final Reinvites reinvites;
    private boolean agreed = true;

    private Call(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime) throws IOException {
        this.plan = plan;
        this.timeline = timeline;
        this.stage = stage;
        this.alice = new Softphone("alice", runtime, stage.alice(), timeline);
        this.bob = new Softphone("bob", runtime, stage.bob(), timeline);
        this.reinvites = new Reinvites(alice, bob, timeline);
    }

    /** Makes the call. */
    static CallOutcome run(CallPlan plan, Timeline timeline)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Stage stage = Stage.build(plan, timeline);
                IceRuntime runtime = Icepath.start()) {
            if (plan.profile() == CallProfile.MIXED) {
                return JoinedCall.run(plan, timeline, stage, runtime);
            }
            if (plan.scenario() == Scenario.FORK) {
                return ForkedCall.run(plan, timeline, stage, runtime);
            }
            Call call = new Call(plan, timeline, stage, runtime);
            try {
                return call.run();
            } finally {
                call.reinvites.close();
                call.alice.close();
                call.bob.close();
            }
        }
    }

    private CallOutcome run() throws InterruptedException, ExecutionException, TimeoutException {
        timeline.begin();
        timeline.say("alice", "calls bob and gathers candidates");
        String progress = bob.ring(plan.scenario().carried(alice.invite()));
        // a phone that has no dialog yet has nobody to hear: voices begin when the 183 is there
        alice.hear(plan.scenario().carried(progress));
        MediaClock clock = MediaClock.start(plan.packetsSecond(), this::speak);
        try {
            plan.scenario().plot().play(this);
        } finally {
            clock.stop();
        }
        Thread.sleep(DRAIN.toMillis());
        List<CallOutcome.Direction> directions =
                List.of(CallOutcome.Direction.of(alice, bob), CallOutcome.Direction.of(bob, alice));
        boolean connected = directions.stream().allMatch(direction -> direction.received() > 0);
        return new CallOutcome(connected, agreed, alice.way(), directions, alice.report());
    }

    private void speak() {
        if (inBuffers() < MOST_IN_BUFFERS) {
            alice.speak();
            bob.speak();
        }
    }

    private long inBuffers() {
        long inFlight = alice.voice().sent()
                - bob.ear().received()
                + bob.voice().sent()
                - alice.ear().received();
        // what the firewall has dropped arrives nowhere
        return inFlight - stage.onTheWay() - stage.blockedByFirewall();
    }

    /** Whose lock whoever makes an exchange of his own holds. */
    Reinvites reinvites() {
        return reinvites;
    }

    CallPlan plan() {
        return plan;
    }

    Timeline timeline() {
        return timeline;
    }

    Stage stage() {
        return stage;
    }

    Softphone alice() {
        return alice;
    }

    Softphone bob() {
        return bob;
    }

    /** Waits until each phone hears the other; false when one gives up before that. */
    boolean bothHear() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> both = CompletableFuture.allOf(alice.heard(), bob.heard());
        CompletableFuture.anyOf(both, alice.failed(), bob.failed())
                .get(plan.patience().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        return both.isDone();
    }

    /** Bob answers when they hear each other, and the paths are agreed; false when that takes too long or a phone gives up. */
    boolean agrees() throws InterruptedException, ExecutionException, TimeoutException {
        if (!bothHear() || fails(plan.answered())) {
            return false;
        }
        answer();
        return both(Softphone::selected, "agreement");
    }

    /** Bob takes the call; from now on there may be re-INVITEs. */
    void answer() {
        timeline.say("bob", "200 OK");
        reinvites.answered();
    }

    /** Waits until something has happened to both phones. */
    boolean both(Function<Softphone, CompletableFuture<Void>> what, String name)
            throws InterruptedException, ExecutionException {
        return await(CompletableFuture.allOf(what.apply(alice), what.apply(bob)), name);
    }

    /** Waits until something has happened to one of the phones. */
    boolean either(Function<Softphone, CompletableFuture<Void>> what, String name)
            throws InterruptedException, ExecutionException {
        return await(what.apply(alice).applyToEither(what.apply(bob), first -> first), name);
    }

    /** Waits until something has happened; false, and said, when it takes too long or a phone gives up. */
    boolean await(CompletableFuture<Void> what, String name) throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(what, alice.failed(), bob.failed())
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return what.isDone();
        } catch (TimeoutException e) {
            timeline.say("", "no " + name + " within " + LONGEST_WAIT.toSeconds() + " s");
            return false;
        }
    }

    /** The final offer and its answer name the selected paths alone, and end the freedom to move. */
    void exchangeFinally() throws InterruptedException, ExecutionException, TimeoutException {
        agreed = false;
        if (!await(alice.owesFinalOffer(), "final offer")) {
            return;
        }
        synchronized (reinvites) {
            exchangeLast();
        }
    }

    private void exchangeLast() throws InterruptedException, ExecutionException, TimeoutException {
        String offer = alice.reinvite();
        String answer = bob.reanswer(offer);
        agreed = alice.namesSelectedAlone(offer) && bob.namesSelectedAlone(answer);
        timeline.say(
                "",
                agreed
                        ? "final offer and answer have exactly the selected candidates"
                        : "final offer and answer have other candidates than the selected ones");
        alice.rehear(answer);
    }

    void openFirewall() {
        stage.openFirewall();
        timeline.say("", "the firewall opens; it has dropped " + stage.blockedByFirewall() + " packets");
    }

    void shutFirewall() {
        stage.shutFirewall();
        timeline.say("", "the firewall shuts, and drops in silence what comes");
    }

    /** They talk until the call ends, or a phone gives up. */
    void talk() throws InterruptedException, ExecutionException {
        if (!fails(plan.talk())) {
            timeline.say("alice", "BYE");
        }
    }

    /** Waits so long, or until a phone gives up. */
    boolean fails(Duration time) throws InterruptedException, ExecutionException {
        return within(time, CompletableFuture.anyOf(alice.failed(), bob.failed()));
    }

    /** Waits so long, or until something has happened: whether it has. */
    static boolean within(Duration time, CompletableFuture<?> what) throws InterruptedException, ExecutionException {
        try {
            what.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
