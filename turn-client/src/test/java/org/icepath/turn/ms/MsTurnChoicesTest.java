// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.turn.ms.MsScene.CONFIG;
import static org.icepath.turn.ms.MsScene.heardBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.icepath.stun.StunMessage;
import org.icepath.stun.ms.MsSequenceNumber;
import org.icepath.stun.ms.MsServiceQuality;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnType;
import org.junit.jupiter.api.Test;

/** What {@link MsTurn} leaves to choose, as the server sees it. */
class MsTurnChoicesTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private static List<StunMessage> sends(MsScene scene) {
        return scene.sent().stream()
                .filter(message -> message.type() == MsTurnType.SEND_REQUEST.bits())
                .toList();
    }

    // [MS-TURN] §2.2.2.22: without it a server takes an allocation for audio at best effort
    @Test
    void anAllocationSaysWhatItIsFor() {
        MsServiceQuality video = new MsServiceQuality(MsServiceQuality.VIDEO, MsServiceQuality.RELIABLE);
        MsScene scene = new MsScene(CONFIG, MsScene.server(MsTurn.DEFAULT.withQuality(video))).allocated();

        assertThat(scene.sent()).hasSize(2).allSatisfy(request -> assertThat(
                        request.get(MsTurnAttributes.SERVICE_QUALITY))
                .contains(video));
        assertThat(new MsScene().allocated().sent().get(0).get(MsTurnAttributes.SERVICE_QUALITY))
                .as("a control")
                .contains(new MsServiceQuality(MsServiceQuality.AUDIO, MsServiceQuality.BEST_EFFORT));
    }

    // §2.2.2.21 has it in all authenticated requests; one client was seen to leave it out of Send alone
    @Test
    void sendsHaveSequenceNumbersUnlessTheyAreNotWanted() {
        MsScene numbered = new MsScene().allocated();
        MsScene bare = new MsScene(CONFIG.withDemands(Set.of()), MsScene.server(MsTurn.DEFAULT.withoutNumbersInSends()))
                .allocated();
        for (MsScene scene : List.of(numbered, bare)) {
            scene.send(scene.peer.address(), "one");
            scene.send(scene.peer.address(), "two");
            scene.runFor(A_SECOND);
            scene.setDestination(scene.peer.address());
            scene.runFor(A_SECOND);
            assertThat(heardBy(scene.peer)).containsExactly("one", "two");
        }

        assertThat(sends(numbered))
                .extracting(send ->
                        send.get(MsTurnAttributes.SEQUENCE_NUMBER).orElseThrow().number())
                .containsExactly(1L, 2L);
        assertThat(sends(bare)).hasSize(2).noneMatch(send -> send.has(MsTurnAttributes.SEQUENCE_NUMBER));
        assertThat(bare.sent())
                .filteredOn(message -> message.type() == MsTurnType.SET_ACTIVE_DESTINATION_REQUEST.bits())
                .singleElement()
                .satisfies(request -> assertThat(
                                request.get(MsTurnAttributes.SEQUENCE_NUMBER).map(MsSequenceNumber::number))
                        .contains(1L));
    }

    // digest §11.1 item 4: a number that was there already is answered as the first time, and not executed
    @Test
    void numbersAlwaysGoUp() {
        MsScene scene = new MsScene().allocated();

        IntStream.range(0, 300).forEach(i -> scene.send(scene.peer.address(), "each"));
        scene.runFor(A_SECOND);

        assertThat(sends(scene))
                .extracting(send ->
                        send.get(MsTurnAttributes.SEQUENCE_NUMBER).orElseThrow().number())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 300).boxed().toList());
        assertThat(heardBy(scene.peer)).hasSize(300);
    }
}
