// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.icepath.examples.lab.Network.Side;

/**
 * A call between {@code icepath peer} and libnice, whose homes reach each other over the relay alone. When that path carries media the direct
 * way opens. Both sides number 1,000 packets a second, and what arrives is counted.
 *
 * @param ours our place; whoever is in place A controls
 */
record NumberedCall(Side ours) implements Cell.Encounter {

    private static final String[] NODES = {"alice", "ra", "core", "edge", "rb", "bob"};

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PACKETS = 4_000;
    private static final int RATE = 1_000;

    /**
     * Milliseconds one way; a relayed packet passes the relay's link twice: 100 ms there and back. The direct way is as fast as it comes: what
     * the lab delays passes a process, which on a busy machine loses packets of its own.
     */
    private static final String RELAY = "delay=25";

    /** How long the relay carries media alone. We wait 3 s for a better pair before we nominate the relayed one, libnice 1 s. */
    private static final Duration BLOCKED_WHEN_WE_NOMINATE = Duration.ofMillis(700);

    private static final Duration BLOCKED_WHEN_THEY_NOMINATE = Duration.ofMillis(50);

    private static final Duration IN_FLIGHT = Duration.ofMillis(500);

    @Override
    public Outcome run(Path log) throws InterruptedException {
        boolean controlling = ours == Side.A;
        Program us = Program.icepath()
                .with(
                        "--report --turn 203.0.113.10:3478:lab:lab-secret:udp",
                        controlling ? "--controlling" : "--controlled");
        Program them = Program.libniceOfOurs()
                .with("--stun 203.0.113.10:3478", controlling ? "--controlled" : "--controlling");
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")
                        .impair("edge", RELAY)
                        .block("core", "198.51.100.10", "198.51.100.18");
                TalkingPeer a = TalkingPeer.start(
                        internet.namespace(Side.A), us, log.resolveSibling(log.getFileName() + "-ours"));
                TalkingPeer b = TalkingPeer.start(
                        internet.namespace(Side.B), them, log.resolveSibling(log.getFileName() + "-theirs"))) {
            String complaint = talk(internet, a, b, controlling);
            if (!complaint.isEmpty()) {
                complaint += ", dropped on the way: [" + DroppedPackets.in(internet, NODES) + "]";
            }
            double milliseconds = a.last("selected").path("t_ms").asDouble(-1);
            return new Outcome(complaint.isEmpty(), milliseconds, a.path(), b.path(), complaint, a.text() + b.text());
        }
    }

    private static String talk(LabInternet internet, TalkingPeer us, TalkingPeer them, boolean controlling)
            throws InterruptedException {
        Optional<JsonNode> ours = us.await(PATIENCE, TalkingPeer.event("local"));
        Optional<JsonNode> theirs = them.await(PATIENCE, TalkingPeer.event("local"));
        if (ours.isEmpty() || theirs.isEmpty()) {
            return "no description";
        }
        them.tell(Talk.remote(ours.get(), controlling ? "controlled" : "controlling"));
        us.tell(Talk.remote(theirs.get(), controlling ? "controlling" : "controlled"));
        JsonNode flow = TalkingPeer.command("flow").put("packets", PACKETS).put("rate", RATE);
        us.tell(flow);
        them.tell(flow);
        Optional<JsonNode> early = us.await(PATIENCE, TalkingPeer.event("selected"));
        if (early.filter(NumberedCall::isRelayed).isEmpty()) {
            return "media did not begin over the relay: " + early;
        }
        us.pass(controlling ? BLOCKED_WHEN_WE_NOMINATE : BLOCKED_WHEN_THEY_NOMINATE);
        if (us.count(TalkingPeer.state("completed")) > 0) {
            return "nominated before the direct path was open";
        }
        internet.unblock("core");
        return counted(us, them);
    }

    private static String counted(TalkingPeer us, TalkingPeer them) throws InterruptedException {
        if (us.await(PATIENCE, TalkingPeer.event("flowed")).isEmpty()
                || them.await(PATIENCE, TalkingPeer.event("flowed")).isEmpty()) {
            return "the packets did not leave";
        }
        us.pass(IN_FLIGHT);
        us.tell(TalkingPeer.command("count"));
        them.tell(TalkingPeer.command("count"));
        Optional<JsonNode> byUs = us.await(PATIENCE, TalkingPeer.event("count"));
        Optional<JsonNode> byThem = them.await(PATIENCE, TalkingPeer.event("count"));
        JsonNode last = us.last("selected");
        if (isRelayed(last) || !last.path("cause").asText().equals("promoted")) {
            return "not promoted: " + last;
        }
        String lostByUs = byUs.map(NumberedCall::wrong).orElse("nothing counted");
        String lostByThem = byThem.map(NumberedCall::wrong).orElse("nothing counted");
        return lostByUs.isEmpty() && lostByThem.isEmpty() ? "" : "at ours " + lostByUs + ", at theirs " + lostByThem;
    }

    private static boolean isRelayed(JsonNode selected) {
        return (selected.path("local").asText() + selected.path("remote").asText()).contains("typ relay");
    }

    private static String wrong(JsonNode count) {
        int received = count.path("received").asInt();
        int distinct = count.path("distinct").asInt();
        return received == PACKETS && distinct == PACKETS
                ? ""
                : (PACKETS - distinct) + " lost from " + count.path("missing").asInt() + " on, " + (received - distinct)
                        + " doubled";
    }
}
