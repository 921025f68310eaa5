// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel writes into the headers of our packets, as a capture shows it. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class MarkedPacketsLabTest {

    // RFC 2474 §3: six bits, of which two of the octet are not part. 46 is Expedited Forwarding (RFC 3246).
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 'tos 0xb8'", "::1, 'class 0xb8'"})
    void checksAndMediaCarryTheCodePointOfTheirStream(String address, String mark) throws Exception {
        Path capture = Surroundings.workDirectory().resolve("marks-" + mark.hashCode() + ".pcap");

        int media = LoopbackCapture.to(capture, () -> call(InetAddress.getByName(address)));

        List<String> packets = Command.of("tcpdump", "-n", "-v", "-r", capture, "udp and port " + media)
                .output()
                .lines()
                .filter(line -> line.contains(" IP"))
                .toList();
        assertThat(packets).as("two checks, their answers, and media").hasSizeGreaterThanOrEqualTo(5);
        assertThat(packets).allSatisfy(packet -> assertThat(packet).contains(mark));
    }

    /** Two sessions meet, one packet crosses; tells the port it came to. */
    private static int call(InetAddress address) throws Exception {
        IceConfig config =
                IceConfig.create().stream("audio", 1).dscp("audio", 46).localAddress(address);
        try (IceRuntime runtime = Icepath.start();
                IceSession alice = runtime.open(config);
                IceSession bob = runtime.open(config)) {
            IceDescription offer = alice.offer().get(5, SECONDS);
            IceAnswer answer = bob.answer(offer).get(5, SECONDS);
            IcePath path = alice.accept(answer.description()).path("audio", 1);
            CountDownLatch arrived = new CountDownLatch(1);
            answer.peer().path("audio", 1).onReceive(packet -> arrived.countDown());
            path.selected().get(5, SECONDS);
            path.send(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1}));
            assertThat(arrived.await(5, SECONDS)).isTrue();
            return path.current().orElseThrow().remote().address().port();
        }
    }
}
