// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link IceProfile#auto()} sends to a peer of RFC 8445, as a capture shows it. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class FormsOnTheWireLabTest {

    private static final int IMPLEMENTATION_VERSION = 0x8070;
    private static final int CANDIDATE_IDENTIFIER = 0x8054;
    private static final String OPTIONS = "a=ice-options:";

    // Where nobody answers, all forms of a check are seen, which an answer would have ended.
    @ParameterizedTest(name = "ice2 {0}, answers {1}")
    @CsvSource({"true, true", "true, false", "false, false"})
    void whoSaysIce2GetsNoOtherForm(boolean saysIce2, boolean answers) throws Exception {
        Path capture = Surroundings.workDirectory().resolve("forms-" + saysIce2 + "-" + answers + ".pcap");

        int port = LoopbackCapture.to(capture, () -> call(saysIce2, answers));

        List<StunContent> ours = CaptureDecoder.decode(capture).stream()
                .filter(row -> row.source().equals("127.0.0.1:" + port))
                .map(row -> (StunContent) row.content())
                .toList();
        assertThat(ours).hasSizeGreaterThan(2);
        assertThat(ours.stream().anyMatch(FormsOnTheWireLabTest::isTheOtherForm))
                .isNotEqualTo(saysIce2);
    }

    private static boolean isTheOtherForm(StunContent message) {
        return message.attributes().stream()
                .anyMatch(each -> each.type() == IMPLEMENTATION_VERSION || each.type() == CANDIDATE_IDENTIFIER);
    }

    /** A session that knows nothing of the other meets it, or tries to; tells its port. */
    private static int call(boolean saysIce2, boolean answers) throws Exception {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        IceConfig config = IceConfig.create().stream("audio", 1).localAddress(here);
        try (IceRuntime runtime = Icepath.start();
                DatagramSocket silence = new DatagramSocket(0, here);
                IceSession alice =
                        runtime.open(config.profile(IceProfile.auto()).patience(Duration.ofSeconds(answers ? 20 : 2)));
                IceSession bob = runtime.open(config)) {
            IceDescription offer = alice.offer().get(5, SECONDS);
            String body = IceSdp.format(
                    answers
                            ? bob.answer(offer).get(5, SECONDS).description()
                            : elsewhere(bob.offer().get(5, SECONDS), silence.getLocalPort()));
            assertThat(body).contains(OPTIONS + IceDescription.ICE2);
            String told = saysIce2 ? body : body.replaceAll(OPTIONS + ".*\r\n", "");
            IcePath path = alice.accept(IceSdp.parse(told).description()).path("audio", 1);
            assertThat(path.selected().handle((selected, failure) -> failure == null))
                    .succeedsWithin(30, SECONDS)
                    .isEqualTo(answers);
            return port(offer);
        }
    }

    private static IceDescription elsewhere(IceDescription description, int port) {
        String body = IceSdp.format(description);
        return IceSdp.parse(body.replaceAll("\\b" + port(description) + "\\b", Integer.toString(port)))
                .description();
    }

    private static int port(IceDescription description) {
        return description.streams().get(0).candidates().get(0).address().port();
    }
}
