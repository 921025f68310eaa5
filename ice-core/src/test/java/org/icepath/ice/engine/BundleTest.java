// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** Streams that share one path (BUNDLE, RFC 8843). */
class BundleTest {

    private static final ByteBuffer RTP = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});

    private final CallScene scene = new CallScene(51);

    private static IceConfig two() {
        return IceConfig.create().stream("audio", 1, 2).stream("video", 1, 2);
    }

    @Test
    void aBundleNeedsOnePathAndGivesTheOtherSocketsUp() {
        Dialogs dialogs = Dialogs.connected(scene, two().bundle(), two().bundle());
        dialogs.run(Duration.ofSeconds(1));

        assertThat(dialogs.alice().report(dialogs.toBob()).pairs())
                .extracting(IceReport.PairEntry::stream)
                .containsOnly("audio");
        assertThat(dialogs.alice().heard(IceEvent.StreamSelected.class))
                .extracting(IceEvent.StreamSelected::stream)
                .containsExactlyInAnyOrder("audio", "video");
        assertThat(dialogs.alice().node().events(EngineEvent.BaseUnused.class))
                .as("all but one")
                .hasSize(3);
        for (int stream : List.of(0, 1)) {
            for (int component : List.of(1, 2)) {
                assertThat(dialogs.alice().send(dialogs.toBob(), stream, component, RTP))
                        .isTrue();
            }
        }
        dialogs.run(Duration.ofMillis(100));
        assertThat(dialogs.bob().received())
                .as("the application tells streams apart")
                .hasSize(4)
                .allSatisfy(received -> assertThat(received.stream()).isZero());
    }

    // RFC 8843 §7.3.3: an answer without the group leaves each stream its own transport
    @Test
    void aBundleThatIsRefusedLeavesEachStreamItsPath() {
        Dialogs dialogs =
                Dialogs.connected(scene, two().bundle(), two().rtcpMux("audio").rtcpMux("video"));

        dialogs.alice().send(dialogs.toBob(), 1, 1, RTP);
        dialogs.run(Duration.ofMillis(100));

        assertThat(dialogs.bob().received())
                .extracting(VirtualPhone.Received::stream)
                .containsExactly(1);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 8843 §7.2.2: port 0 and bundle-only; who knows no bundles sees a stream that is refused
    @Test
    void aBundleOnlyStreamIsTakenInABundleAndRefusedWithoutOne() {
        VirtualPhone browser = scene.publicly("browser", "198.51.100.10", two().bundle());
        browser.gather();
        IceDescription offer = bundleOnly(VirtualCall.travelled(browser.describe()));
        VirtualPhone with = scene.publicly("with", "198.51.100.11", two().bundle());
        VirtualPhone without = scene.publicly("without", "198.51.100.12", two());

        IceDescription accepted = answer(with, offer);
        IceDescription refused = answer(without, offer);

        assertThat(accepted.bundleGroups()).containsExactly(List.of("0", "1"));
        assertThat(accepted.streams().get(1).destination())
                .isEqualTo(accepted.streams().get(0).destination());
        assertThat(accepted.streams().get(1).candidates()).isEmpty();
        assertThat(refused.streams().get(1).rejected()).isTrue();
        assertThat(refused.bundleGroups()).isEmpty();
    }

    private static IceDescription bundleOnly(IceDescription offer) {
        StreamDescription video = offer.streams().get(1).toBuilder()
                .clearCandidates()
                .bundleOnly(true)
                .destination(CandidateAddress.of("0.0.0.0", 0))
                .build();
        return offer.toBuilder().replaceStream(video).build();
    }

    private static IceDescription answer(VirtualPhone phone, IceDescription offer) {
        phone.gather();
        int peer = phone.accept(offer, IceRole.CONTROLLED);
        return phone.perform(now -> phone.engine().signalling().describe(now, peer));
    }

    @Test
    void aRestartMovesTheWholeBundle() {
        Dialogs dialogs = Dialogs.connected(scene, two().bundle(), two().bundle());

        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        IceDescription answer = dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(5));

        assertThat(answer.bundleGroups()).containsExactly(List.of("0", "1"));
        assertThat(dialogs.alice().heard(IceEvent.PathChanged.class))
                .filteredOn(changed -> changed.cause() == PathChange.RESTART)
                .extracting(IceEvent.PathChanged::stream)
                .containsExactlyInAnyOrder("audio", "audio", "video", "video");
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, RTP)).isTrue();
    }
}
