// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An archive of the classes that two peers load in a meeting over loopback, with a relay on offer. It replaces the JDK's own: an archive
 * beside that one would leave out the classes of old compilers, such as those of the command line's parser, which cost the most.
 *
 * @param java the virtual machine
 * @param options that the program is to run with
 */
record ClassArchive(Path java, List<String> options, Path jar) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+) over");

    /** Writes it; nothing is written where the virtual machine cannot. */
    void write(Path archive) throws IOException, InterruptedException {
        Files.deleteIfExists(archive);
        Path classes = archive.resolveSibling("icepath.classes");
        Files.write(classes, rehearse(archive));
        List<Object> words = new ArrayList<>(List.of(java));
        words.addAll(options);
        // this collector alone archives objects of the JDK's start; others read them, too
        words.addAll(List.of("-XX:-UseSerialGC", "-XX:+UseG1GC", "-Xshare:dump"));
        words.addAll(List.of("-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive, "-cp", jar));
        Command.of(words.toArray()).run();
    }

    /** The names of the classes that were loaded, as the virtual machine writes them. */
    private Set<String> rehearse(Path beside) throws IOException, InterruptedException {
        Path ofA = beside.resolveSibling("icepath-a.classes");
        Path ofB = beside.resolveSibling("icepath-b.classes");
        try (TalkingPeer relay = start(beside.resolveSibling("rehearsal-relay"), List.of(), relay())) {
            String server = server(relay);
            try (TalkingPeer a =
                            start(beside.resolveSibling("rehearsal-a"), listing(ofA), peer("controlling", server));
                    TalkingPeer b =
                            start(beside.resolveSibling("rehearsal-b"), listing(ofB), peer("controlled", server))) {
                meet(a, b);
            }
        }
        Set<String> classes = new LinkedHashSet<>(Files.readAllLines(ofA));
        classes.addAll(Files.readAllLines(ofB));
        return classes;
    }

    private static void meet(TalkingPeer a, TalkingPeer b) throws InterruptedException {
        Courier.between(a, b);
        for (TalkingPeer peer : List.of(a, b)) {
            require(peer, TalkingPeer.state("completed"));
            peer.tell(TalkingPeer.command("send").put("component", 1).put("data", "gAAAAAAAAAAAAAAAAAAAAA=="));
            peer.tell(TalkingPeer.command("stats"));
            require(peer, TalkingPeer.event("stats"));
        }
        for (TalkingPeer peer : List.of(a, b)) {
            peer.tell(TalkingPeer.command("close"));
        }
        for (TalkingPeer peer : List.of(a, b)) {
            require(peer, TalkingPeer.event("report"));
            peer.awaitEnd(PATIENCE);
        }
    }

    private static void require(TalkingPeer peer, Predicate<JsonNode> event) throws InterruptedException {
        if (peer.await(PATIENCE, event).isEmpty()) {
            throw new IllegalStateException("icepath.jar peer does not run: " + peer.text());
        }
    }

    private static String server(TalkingPeer relay) throws InterruptedException {
        String said = relay.await(PATIENCE, event -> event.path("line").asText().startsWith("listening on "))
                .map(event -> event.path("line").asText())
                .orElse("");
        Matcher port = PORT.matcher(said);
        if (!port.find()) {
            throw new IllegalStateException("icepath.jar relay does not run: " + relay.text());
        }
        return "127.0.0.1:" + port.group(1);
    }

    private static List<String> relay() {
        return List.of("relay", "--address", "127.0.0.1", "--port", "0", "--user", "alice:secret");
    }

    private static List<String> peer(String role, String server) {
        return List.of(
                "peer",
                "--" + role,
                "--report",
                "--address",
                "127.0.0.1",
                "--stun",
                server,
                "--turn",
                server + ":alice:secret:udp");
    }

    private static List<String> listing(Path file) {
        return List.of("-XX:DumpLoadedClassList=" + file);
    }

    private TalkingPeer start(Path log, List<String> more, List<String> command) {
        List<String> words = new ArrayList<>(List.of(java.toString()));
        words.addAll(options);
        words.addAll(more);
        words.addAll(List.of("-jar", jar.toString()));
        words.addAll(command);
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return TalkingPeer.start(new Program("icepath", line), log);
    }
}
