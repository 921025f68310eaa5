// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.ice.IceRuntime;

/** One INVITE that rings two phones: alice hears early media of both, on one socket; one answers, and the other is let go. */
final class ForkedCall implements AutoCloseable {

    private static final int LONGEST_WAIT_SECONDS = 20;

    private final CallPlan plan;
    private final Timeline timeline;
    private final Softphone alice;
    private final Softphone bob;
    private final Softphone carol;
    private final RtpReceiver bobsVoice = new RtpReceiver();

    private ForkedCall(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime) throws IOException {
        this.plan = plan;
        this.timeline = timeline;
        this.alice = new Softphone("alice", runtime, stage.alice(), timeline);
        this.bob = new Softphone("bob", runtime, stage.bob(), timeline);
        this.carol = new Softphone("carol", runtime, stage.carol(), timeline);
    }

    static CallOutcome run(CallPlan plan, Timeline timeline, Stage stage, IceRuntime runtime)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (ForkedCall call = new ForkedCall(plan, timeline, stage, runtime)) {
            return call.run();
        }
    }

    private CallOutcome run() throws InterruptedException, ExecutionException, TimeoutException {
        timeline.begin();
        timeline.say("alice", "calls, and gathers candidates");
        String invite = alice.invite();
        Softphone.Fork toBob = alice.hear(bob.ring(invite), bobsVoice);
        Softphone.Fork toCarol = alice.hear(carol.ring(invite), alice.ear());
        MediaClock clock = MediaClock.start(plan.packetsSecond(), this::speak);
        try {
            converse(toBob, toCarol);
        } finally {
            clock.stop();
        }
        Thread.sleep(Call.DRAIN.toMillis());
        List<CallOutcome.Direction> directions = List.of(
                CallOutcome.Direction.of(alice, carol),
                CallOutcome.Direction.of(carol, alice),
                CallOutcome.Direction.of(bob, alice.name(), bobsVoice));
        boolean connected = directions.stream().allMatch(direction -> direction.received() > 0);
        return new CallOutcome(connected, true, alice.way(), directions, alice.report());
    }

    private void converse(Softphone.Fork toBob, Softphone.Fork toCarol)
            throws InterruptedException, ExecutionException, TimeoutException {
        await(CompletableFuture.allOf(toBob.heard(), toCarol.heard()));
        timeline.say("alice", "hears the early media of both");
        Thread.sleep(plan.answered().toMillis());
        timeline.say("carol", "200 OK");
        alice.talkTo(toCarol);
        bob.silent(true);
        await(carol.heard());
        timeline.say("alice", "CANCEL for bob; what his fork needed is given up");
        toBob.peer().close();
        bob.close();
        Thread.sleep(plan.talk().toMillis());
        timeline.say("alice", "BYE");
    }

    private static void await(CompletableFuture<Void> what)
            throws InterruptedException, ExecutionException, TimeoutException {
        what.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private void speak() {
        long inBuffers = bob.voice().sent()
                - bobsVoice.received()
                + carol.voice().sent()
                - alice.ear().received()
                + alice.voice().sent()
                - carol.ear().received();
        if (inBuffers < Call.MOST_IN_BUFFERS) {
            bob.speak();
            carol.speak();
            alice.speak();
        }
    }

    @Override
    public void close() {
        alice.close();
        bob.close();
        carol.close();
    }
}
