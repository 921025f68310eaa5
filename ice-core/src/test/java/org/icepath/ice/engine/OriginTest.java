// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.SessionOrigin;
import org.icepath.ice.IceRole;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** The o= lines of a dialog (RFC 3264 §8): one session, and another version wherever something is said anew. */
class OriginTest {

    private final CallScene scene = new CallScene(79);

    private static SessionOrigin origin(IceDescription description) {
        return description.origin().orElseThrow();
    }

    private static SessionOrigin later(SessionOrigin origin, int versions) {
        return new SessionOrigin(origin.id(), origin.version() + versions, origin.address());
    }

    @Test
    void theVersionCountsUpWithWhatIsSaidAndNotWithHowOften() {
        Dialogs dialogs = Dialogs.connected(scene, audio(), audio());
        SessionOrigin first = origin(dialogs.alice().describe());

        IceDescription updated = dialogs.aliceOffers();
        IceDescription again = dialogs.aliceOffers();

        assertThat(updated.streams())
                .as("the selected pair alone")
                .isNotEqualTo(dialogs.alice().describe().streams());
        assertThat(origin(updated)).isEqualTo(later(first, 1));
        assertThat(again).isEqualTo(updated);
        assertThat(origin(again)).isEqualTo(later(first, 1));
    }

    @Test
    void anIceRestartIsAnotherVersionOfTheSameSession() {
        Dialogs dialogs = Dialogs.connected(scene, audio(), audio());
        SessionOrigin before = origin(dialogs.aliceOffers());
        IceDescription answerBefore = dialogs.bobAnswers(dialogs.aliceOffers());
        dialogs.aliceAccepts(answerBefore);
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });

        IceDescription offer = dialogs.aliceOffers();
        IceDescription answer = dialogs.bobAnswers(offer);
        dialogs.aliceAccepts(answer);
        dialogs.run(Duration.ofSeconds(5));

        assertThat(origin(offer)).isEqualTo(later(before, 1));
        assertThat(origin(answer)).isEqualTo(later(origin(answerBefore), 1));
        assertThat(IceSdp.format(offer)).contains("o=- " + before.id() + " " + (before.version() + 1) + " IN IP4 ");
        assertThat(origin(dialogs.aliceOffers())).isEqualTo(later(before, 2));
    }

    // a refused offer has been heard all the same
    @Test
    void whatIsSaidAfterARefusedOfferIsAnotherVersion() {
        Dialogs dialogs = Dialogs.connected(scene, audio(), audio());
        dialogs.exchange(offer -> offer);
        SessionOrigin before = origin(dialogs.alice()
                .perform(now -> dialogs.alice().engine().signalling().describe(now, dialogs.toBob())));
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        SessionOrigin refused = origin(dialogs.aliceOffers());

        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().rollBack(now, dialogs.toBob());
            return true;
        });

        assertThat(refused).isEqualTo(later(before, 1));
        assertThat(origin(dialogs.alice()
                        .perform(now -> dialogs.alice().engine().signalling().describe(now, dialogs.toBob()))))
                .isEqualTo(later(before, 2));
    }

    // each fork is a dialog of its own, and has heard the first offer
    @Test
    void forksCountFromTheirCommonOffer() {
        VirtualPhone caller = scene.publicly("caller", "198.51.100.10", audio()).gather();
        IceDescription offer = VirtualCall.travelled(caller.describe());
        SessionOrigin first = origin(caller.describe());
        List<SessionOrigin> further = List.of("198.51.100.11", "198.51.100.12").stream()
                .map(address -> {
                    VirtualPhone fork =
                            scene.publicly("fork " + address, address, audio()).gather();
                    int toCaller = fork.accept(offer, IceRole.CONTROLLED);
                    IceDescription answer =
                            fork.perform(now -> fork.engine().signalling().describe(now, toCaller));
                    int toFork = caller.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
                    scene.network().runFor(Duration.ofSeconds(2));
                    return origin(
                            caller.perform(now -> caller.engine().signalling().offer(now, toFork)));
                })
                .toList();

        assertThat(further).containsExactly(later(first, 1), later(first, 1));
    }
}
