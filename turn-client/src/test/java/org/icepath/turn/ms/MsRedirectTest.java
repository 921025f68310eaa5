// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.turn.ms.MsScene.CONFIG;
import static org.icepath.turn.ms.MsScene.SERVER;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.junit.jupiter.api.Test;

/** Where a 401 or 300 sends a client, and where it does not go ([MS-TURN] §2.2.2.7). */
class MsRedirectTest {

    private final MsScene scene = new MsScene(CONFIG, SERVER);

    /** Another Edge of the same pool, which takes the nonces of the first one. */
    private EdgeMachine another(String address) {
        VirtualHost host = scene.network.internet().host("edge at " + address, address);
        EdgeMachine machine = MsScene.edge(host, CONFIG);
        host.run(machine);
        return machine;
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(address, 3_478);
    }

    @Test
    void theChallengeIsAnsweredWhereItSays() {
        EdgeMachine second = another("192.0.2.2");
        scene.edge.faults().challengeAt(at("192.0.2.2"));

        scene.allocated();
        scene.send(scene.peer.address(), "by the second one");
        scene.runFor(Duration.ofMinutes(3));

        assertThat(scene.allocation.serverAddress()).isEqualTo(at("192.0.2.2"));
        assertThat(second.allocationCount()).isEqualTo(1);
        assertThat(scene.edge.allocationCount()).isZero();
        assertThat(MsScene.heardBy(scene.peer)).containsExactly("by the second one");
        assertThat(scene.client.events(TurnEvent.Redirected.class)).hasSize(1);
    }

    // The answer of the second server may come from the address of the first (seen); data may not.
    @Test
    void theAnswerMayComeFromEitherAddress() {
        VirtualHost hidden = scene.network.internet().host("hidden", "192.0.2.2");
        VirtualSocket front = hidden.socket(3_478);
        front.onReceive(
                (from, bytes) -> scene.server.act((now, machine) -> machine.handle(now, scene.listening, from, bytes)));
        scene.edge.faults().challengeAt(at("192.0.2.2"));

        scene.allocated();

        assertThat(scene.allocation.serverAddress()).isEqualTo(at("192.0.2.2"));
        assertThat(scene.edge.allocationCount()).isEqualTo(1);
    }

    @Test
    void serversThatSendToEachOtherAreAnsweredInTheEnd() {
        EdgeMachine second = another("192.0.2.2");
        scene.edge.faults().challengeAt(at("192.0.2.2"));
        second.faults().challengeAt(at("192.0.2.1")).expireNonces();

        scene.allocated();

        assertThat(scene.client.events(TurnEvent.Redirected.class)).hasSize(1);
    }

    @Test
    void aChainIsFollowedForFiveStepsAndThenAnswered() {
        List<EdgeMachine> chain = new ArrayList<>();
        chain.add(scene.edge);
        for (int i = 2; i <= 9; i++) {
            chain.add(another("192.0.2." + i));
        }
        for (int i = 0; i < chain.size() - 1; i++) {
            chain.get(i).faults().challengeAt(at("192.0.2." + (i + 2)));
            if (i > 0) {
                for (int more = 0; more < i; more++) {
                    chain.get(i).faults().expireNonces(); // each has nonces of its own
                }
            }
        }

        scene.allocated();

        assertThat(scene.client.events(TurnEvent.Redirected.class)).hasSize(5);
    }

    @Test
    void serversThatAreFullAndNameEachOtherEndInAFailure() {
        EdgeMachine second = another("192.0.2.2");
        scene.edge.faults().redirect(at("192.0.2.2"));
        second.faults().redirect(at("192.0.2.1"));

        scene.allocate();

        assertThat(scene.await(TurnEvent.Failed.class).failure().kind()).isEqualTo(TurnFailure.Kind.REDIRECT);
    }

    @Test
    void aFullServerSendsToOneThatHasRoom() {
        EdgeMachine second = another("192.0.2.2");
        scene.edge.faults().redirect(at("192.0.2.2"));

        scene.allocated();

        assertThat(second.allocationCount()).isEqualTo(1);
    }

    // Nobody has authenticated a challenge: it must not aim us at this host, at a crowd, or at another family.
    @Test
    void aChallengeCannotAimAtWhatIsNoServer() {
        for (String wrong : List.of("127.0.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0", "2001:db8::1")) {
            MsScene each = new MsScene(CONFIG, SERVER);
            each.edge.faults().challengeAt(at(wrong));

            each.allocated();

            assertThat(each.client.events(TurnEvent.Redirected.class)).as(wrong).isEmpty();
        }
    }
}
