// SPDX-License-Identifier: Apache-2.0
package org.icepath;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.candidate.Candidate.RTCP;
import static org.icepath.candidate.Candidate.RTP;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.IceSdp;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What the README shows is what compiles here. */
class ReadmeTest {

    /** The application's way of carrying SDP to the other side and of bringing the answer back. */
    interface Signalling {
        String invite(String offer);
    }

    // spotless:off
    // Compiled, not run: the servers exist in the README alone.
    static void use(Signalling signalling, Queue<ByteBuffer> jitterBuffer, ByteBuffer rtpPacket, Logger log) throws Exception {
        // README begins
try (IceRuntime ice = Icepath.start();
     IceSession call = ice.open(IceConfig.create()
         .stream("audio", RTP, RTCP).rtcpMux("audio")             // browsers insist on it, others need not follow
         .stunServer("stun.example.net")
         .turnServer(TurnServer.parse("turn:turn.example.net").credentials("alice", "s3cret")))) {

  IceDescription offer = call.offer().get(5, SECONDS);           // gathers; the first offerer controls
  IcePeer bob = call.accept(IceSdp.parse(signalling.invite(IceSdp.format(offer))).description());

  IcePath audio = bob.path("audio", RTP);
  audio.onReceive(packet -> jitterBuffer.add(packet.copy()));    // a packet is borrowed for the call; copy() keeps it
  audio.ready().thenRun(() -> audio.send(rtpPacket));            // from the first valid pair on: early media
  bob.onEvent(event -> log.debug("{}", event));
}
        // README ends
    }
    // spotless:on

    @Test
    void theReadmeShowsCodeThatCompiles() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        List<String> source = Files.readAllLines(module.resolve("src/test/java/org/icepath/ReadmeTest.java"));
        List<String> readme = Files.readAllLines(module.resolveSibling("README.md"));

        assertThat(between(readme, "```java", "```"))
                .isNotEmpty()
                .isEqualTo(between(source, "        // README begins", "        // README ends"));
    }

    private static List<String> between(List<String> lines, String first, String last) {
        List<String> rest = lines.subList(lines.indexOf(first) + 1, lines.size());
        return rest.subList(0, rest.indexOf(last));
    }
}
