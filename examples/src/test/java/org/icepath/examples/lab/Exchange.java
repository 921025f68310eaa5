// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.icepath.examples.lab.Network.Side;

/**
 * A call between {@code icepath peer} and another implementation whose signalling is more than one offer and one answer.
 *
 * @param network where
 * @param other the other implementation
 * @param ours our place; whoever is in place A controls
 * @param trickles who tells its candidates one by one
 * @param restarts who restarts ICE once the call stands; nobody if empty
 */
record Exchange(Network network, Program other, Side ours, Set<Side> trickles, Set<Side> restarts)
        implements Cell.Encounter {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration UNTIL_BEST = Duration.ofSeconds(5);
    private static final Duration SETTLED = Duration.ofMillis(300);
    private static final Duration MOST_SILENCE = Duration.ofSeconds(1);
    private static final int MILLISECONDS_BETWEEN_PACKETS = 40;

    Exchange {
        trickles = Set.copyOf(trickles);
        restarts = Set.copyOf(restarts);
    }

    private Program program(Side side) {
        Program program = side == ours ? Program.icepath().with("--report") : other;
        Program inRole = program.with(side == Side.A ? "--controlling" : "--controlled");
        // a relay is found later than the addresses of the host: there is something to trickle
        Program served = inRole.with("--turn " + network.server(side) + ":" + network.credentials() + ":udp");
        return trickles.contains(side) ? served.with("--trickle") : served;
    }

    @Override
    public Outcome run(Path log) throws InterruptedException {
        ScheduledExecutorService talking = Executors.newSingleThreadScheduledExecutor();
        try (TalkingPeer a = start(Side.A, log);
                TalkingPeer b = start(Side.B, log)) {
            Disturbance.Conversation conversation = new Disturbance.Conversation(a, b);
            Courier.between(a, b);
            String complaint = connect(a, b);
            if (complaint.isEmpty() && !restarts.isEmpty()) {
                if (hasData()) {
                    talking.scheduleAtFixedRate(
                            () -> Talk.speak(conversation), 0, MILLISECONDS_BETWEEN_PACKETS, TimeUnit.MILLISECONDS);
                }
                complaint = restart(conversation);
            }
            double milliseconds =
                    (ours == Side.A ? a : b).last("selected").path("t_ms").asDouble(-1);
            // while candidates trickle, a relay may be nominated first;
            // the call ends where the better pair is nominated, too
            Optional<SelectedPair> pathOfA = a.awaitPath(UNTIL_BEST, pair -> !pair.has("relay"));
            Optional<SelectedPair> pathOfB = b.awaitPath(UNTIL_BEST, pair -> !pair.has("relay"));
            return new Outcome(complaint.isEmpty(), milliseconds, pathOfA, pathOfB, complaint, a.text() + b.text());
        } finally {
            talking.shutdownNow();
        }
    }

    private TalkingPeer start(Side side, Path log) {
        return TalkingPeer.start(
                network.namespace(side),
                program(side),
                log.resolveSibling(log.getFileName() + (side == Side.A ? "-a" : "-b")));
    }

    private boolean hasData() {
        return other.name().equals("libnice");
    }

    private String connect(TalkingPeer a, TalkingPeer b) throws InterruptedException {
        for (TalkingPeer each : new TalkingPeer[] {a, b}) {
            if (each.await(PATIENCE, event -> stands(event.path("state").asText()))
                            .isEmpty()
                    || each.await(PATIENCE, TalkingPeer.event("selected")).isEmpty()) {
                return "not connected";
            }
        }
        for (Side side : trickles) {
            TalkingPeer each = side == Side.A ? a : b;
            if (each.await(PATIENCE, TalkingPeer.event("end-of-candidates")).isEmpty()
                    || each.count(TalkingPeer.event("candidate")) == 0) {
                return side + " did not trickle";
            }
        }
        return "";
    }

    private static boolean stands(String state) {
        return state.equals("completed") || state.equals("connected");
    }

    private String restart(Disturbance.Conversation talk) throws InterruptedException {
        talk.a().pass(SETTLED);
        TalkingPeer us = ours == Side.A ? talk.a() : talk.b();
        TalkingPeer them = ours == Side.A ? talk.b() : talk.a();
        for (Side side : restarts) {
            long theirsBefore = hasData() ? them.count(TalkingPeer.event("selected")) : 0;
            long oursBefore = us.count(Exchange::afterRestart);
            String fragment = us.last("local").path("ufrag").asText();
            talk.a().mark();
            talk.b().mark();
            (side == Side.A ? talk.a() : talk.b()).tell(TalkingPeer.command("restart"));
            if (!us.awaitMore(PATIENCE, oursBefore, Exchange::afterRestart)) {
                return "we did not select anew";
            }
            String fresh = us.last("local").path("ufrag").asText();
            if (fresh.equals(fragment)) {
                return "our credentials are the old ones";
            }
            if (!them.awaitMore(PATIENCE, theirsBefore, event -> isUnder(event, fresh))) {
                return "they did not select anew";
            }
            talk.a().pass(MOST_SILENCE);
            if (hasData() && talk.longestSilence().compareTo(MOST_SILENCE) > 0) {
                return "silent for " + talk.longestSilence().toMillis() + " ms";
            }
        }
        return "";
    }

    /** Whether it tells of a selected pair, under this fragment of ours where it names one. */
    private static boolean isUnder(JsonNode event, String fragment) {
        return event.path("event").asText().equals("selected")
                && event.path("remoteUfrag").asText(fragment).equals(fragment);
    }

    private static boolean afterRestart(JsonNode event) {
        return event.path("event").asText().equals("selected")
                && event.path("cause").asText().equals("restart");
    }
}
