// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.Icepath;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRuntime;

/** A call from INVITE to BYE. One thread runs it: what SIP would carry, it carries as text from one phone to the other. */
final class Call {

    /** What is on its way when the phones fall silent has arrived after this. */
    private static final Duration DRAIN = Duration.ofMillis(500);

    // Both together are far fewer than a usual socket buffer holds: on a machine that is too slow for the rate, the
    // rate drops and
    // no packet
    // does. What is lost on the way still counts as lost.
    private static final long MOST_IN_FLIGHT = 64;

    private static final Duration PROMOTION = Duration.ofSeconds(10);

    private static final Duration INTERIM = Duration.ofSeconds(10);

    private final CallPlan plan;
    private final Timeline timeline;
    private final Stage stage;
    private final Softphone alice;
    private final Softphone bob;

    private Call(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime) throws IOException {
        this.plan = plan;
        this.timeline = timeline;
        this.stage = stage;
        this.alice = new Softphone("alice", runtime, stage.alice(), timeline);
        this.bob = new Softphone("bob", runtime, stage.bob(), timeline);
    }

    /** Makes the call. */
    static CallOutcome run(CallPlan plan, Timeline timeline)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Stage stage = Stage.build(plan.scenario(), plan.patience());
                IceRuntime runtime = Icepath.start()) {
            Call call = new Call(plan, timeline, stage, runtime);
            try {
                return call.run();
            } finally {
                call.alice.close();
                call.bob.close();
            }
        }
    }

    private CallOutcome run() throws InterruptedException, ExecutionException, TimeoutException {
        timeline.begin();
        timeline.say("alice", "calls bob and gathers candidates");
        String progress = bob.ring(alice.invite());
        // a phone that has no dialog yet has nobody to hear: voices begin when the 183 is there
        alice.hear(progress);
        MediaClock clock = MediaClock.start(plan.packetsSecond(), this::speak);
        try {
            talk();
        } finally {
            clock.stop();
        }
        Thread.sleep(DRAIN.toMillis());
        List<CallOutcome.Direction> directions =
                List.of(CallOutcome.Direction.of(alice, bob), CallOutcome.Direction.of(bob, alice));
        boolean connected = directions.stream().allMatch(direction -> direction.received() > 0);
        return new CallOutcome(connected, alice.way(), directions, alice.report());
    }

    private void speak() {
        speak(alice, bob);
        speak(bob, alice);
    }

    private static void speak(Softphone speaker, Softphone listener) {
        if (speaker.voice().sent() - listener.ear().received() < MOST_IN_FLIGHT) {
            speaker.speak();
        }
    }

    private void talk() throws InterruptedException, ExecutionException, TimeoutException {
        if (!plan.scenario().connects()) {
            waitInVain();
            return;
        }
        if (!bothHear()) {
            return;
        }
        boolean opensFirst = plan.opened().compareTo(plan.answered()) < 0;
        Duration first = opensFirst ? plan.opened() : plan.answered();
        Duration second = opensFirst ? plan.answered() : plan.opened();
        if (fails(first)) {
            return;
        }
        happen(opensFirst);
        if (fails(second.minus(first))) {
            return;
        }
        happen(!opensFirst);
        if (plan.scenario().opens()) {
            awaitPromotion();
        }
        if (!fails(plan.talk())) {
            timeline.say("alice", "BYE");
        }
    }

    private boolean bothHear() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> both = CompletableFuture.allOf(alice.heard(), bob.heard());
        CompletableFuture.anyOf(both, alice.failed(), bob.failed())
                .get(plan.patience().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        return both.isDone();
    }

    /** Blocked checks are sent again after 0.5, 1, 2, … s: a path that opens is found by the next one. */
    private void awaitPromotion() throws InterruptedException, ExecutionException {
        try {
            CompletableFuture<Void> both = CompletableFuture.allOf(alice.promoted(), bob.promoted());
            CompletableFuture.anyOf(both, alice.failed(), bob.failed())
                    .get(PROMOTION.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            timeline.say("", "no promotion within " + PROMOTION.toSeconds() + " s");
        }
    }

    private void happen(boolean firewall) {
        if (!firewall) {
            timeline.say("bob", "200 OK");
        } else if (plan.scenario().opens()) {
            stage.openFirewall();
            timeline.say("", "the firewall opens; it has dropped " + stage.blockedByFirewall() + " checks");
        }
    }

    private void waitInVain() throws InterruptedException, ExecutionException, TimeoutException {
        Duration half = plan.patience().dividedBy(2);
        if (!fails(half.compareTo(INTERIM) < 0 ? half : INTERIM)) {
            IceReport soFar = alice.report();
            timeline.say("alice", "knows so far: " + soFar.verdict());
            soFar.pairs().forEach(pair -> timeline.line("                      " + CallText.line(pair)));
            timeline.say("", "the firewall has dropped " + stage.blockedByFirewall() + " checks");
            // patience begins with the checks, so this ends before the time is up
            fails(plan.patience().plusSeconds(5));
        }
    }

    /** Waits so long, or until a phone gives up. */
    private boolean fails(Duration time) throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(alice.failed(), bob.failed()).get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
