// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.icepath.examples.lab.Network.Side;

/**
 * A call in the midst of which something happens to the network.
 *
 * @param internet brings the network up, one for each call
 * @param options of both peers
 * @param talk how long they talk before it happens
 * @param event what happens
 * @param awaited whether the call is as it must be afterwards; waited for
 * @param limit how long that may take
 * @param silence how long either side may hear nothing from then on; zero when every packet must arrive, whatever a busy machine
 *     makes of its time
 * @param mechanism what alice's report must say somewhere, each a regular expression
 */
record Disturbance(
        Supplier<LabInternet> internet,
        String options,
        Duration talk,
        Consumer<LabInternet> event,
        Predicate<Conversation> awaited,
        Duration limit,
        Duration silence,
        List<String> mechanism)
        implements Cell.Encounter {

    private static final int MILLISECONDS_BETWEEN_PACKETS = 40;
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration HEARD_AGAIN = Duration.ofMillis(600);

    /** The two who talk. */
    record Conversation(TalkingPeer a, TalkingPeer b) {

        boolean isOver(String prefix) {
            return a.path().filter(pair -> pair.within(prefix)).isPresent()
                    && b.path().filter(pair -> pair.within(prefix)).isPresent();
        }

        Duration longestSilence() {
            Duration one = a.longestSilence();
            Duration other = b.longestSilence();
            return one.compareTo(other) > 0 ? one : other;
        }

        int lost() {
            return a.spoken() - b.heard() + b.spoken() - a.heard();
        }
    }

    /** Lets it happen once. */
    @Override
    public Outcome run(Path log) throws InterruptedException {
        ScheduledExecutorService talking = Executors.newSingleThreadScheduledExecutor();
        Program program = Program.icepath().with(options + " --report");
        try (LabInternet network = internet.get();
                TalkingPeer a = TalkingPeer.start(
                        network.namespace(Side.A),
                        program.with("--controlling"),
                        log.resolveSibling(log.getFileName() + "-a"));
                TalkingPeer b = TalkingPeer.start(
                        network.namespace(Side.B),
                        program.with("--controlled"),
                        log.resolveSibling(log.getFileName() + "-b"))) {
            Conversation conversation = new Conversation(a, b);
            String problem = Talk.connect(conversation);
            if (!problem.isEmpty()) {
                a.end(); // its report says why
                b.end();
                return outcome(conversation, -1, problem);
            }
            talking.scheduleAtFixedRate(
                    () -> Talk.speak(conversation), 0, MILLISECONDS_BETWEEN_PACKETS, TimeUnit.MILLISECONDS);
            a.pass(talk);
            return disturb(network, conversation, talking);
        } finally {
            talking.shutdownNow();
        }
    }

    private Outcome disturb(LabInternet network, Conversation conversation, ExecutorService talking)
            throws InterruptedException {
        conversation.a().mark();
        conversation.b().mark();
        long begun = System.nanoTime();
        event.accept(network);
        boolean held = awaited.test(conversation);
        while (!held && System.nanoTime() - begun < limit.toNanos()) {
            conversation.a().pass(STEP);
            held = awaited.test(conversation);
        }
        // who was last to be heard of must be heard again
        conversation.a().pass(HEARD_AGAIN);
        Duration longest = conversation.longestSilence();
        String unheard = silence.isZero() ? lost(conversation, talking) : tooLong(longest);
        String report = conversation.a().end();
        String complaint = !held
                ? "not as it must be after " + limit
                : !unheard.isEmpty()
                        ? unheard
                        : mechanism.stream()
                                .filter(words ->
                                        !Pattern.compile(words).matcher(report).find())
                                .findFirst()
                                .map(words -> "the report does not say '" + words + "'")
                                .orElse("");
        return outcome(conversation, longest.toNanos() / 1e6, complaint);
    }

    private String tooLong(Duration longest) {
        return longest.compareTo(silence) > 0 ? "silent for " + longest.toMillis() + " ms" : "";
    }

    /** Says how many packets have not arrived when both have fallen silent, or nothing. */
    private String lost(Conversation conversation, ExecutorService talking) throws InterruptedException {
        talking.shutdown();
        long silentAt = System.nanoTime();
        boolean silent = talking.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
        while (conversation.lost() > 0 && System.nanoTime() - silentAt < limit.toNanos()) {
            conversation.a().pass(STEP);
        }
        return silent && conversation.lost() == 0 ? "" : conversation.lost() + " packets lost";
    }

    private static Outcome outcome(Conversation conversation, double milliseconds, String complaint) {
        Optional<SelectedPair> a = conversation.a().path();
        return new Outcome(
                milliseconds >= 0,
                milliseconds,
                a,
                conversation.b().path(),
                complaint,
                conversation.a().text() + conversation.b().text());
    }
}
