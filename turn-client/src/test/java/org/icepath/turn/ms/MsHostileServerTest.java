// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.turn.ms.MsScene.CONFIG;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.MsDemand;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.turn.AllocationState;
import org.icepath.turn.TurnEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever can send as the server, but does not have the key. */
class MsHostileServerTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private void forge(MsScene scene, ByteBuffer datagram) {
        scene.client.act((now, machine) -> machine.handle(now, scene.base, scene.serverAddress, datagram));
    }

    private static List<ByteBuffer> sent(MsScene scene) {
        List<ByteBuffer> all = new ArrayList<>();
        for (PacketEvent event : scene.network.log().sentBy("client")) {
            all.add(event.packet().payload());
        }
        return all;
    }

    private static ByteBuffer error(StunMessage request, int code, boolean cookie) {
        MsTurnType type = request.method().equals(org.icepath.stun.StunMethod.ALLOCATE)
                ? MsTurnType.ALLOCATE_ERROR
                : MsTurnType.SET_ACTIVE_DESTINATION_ERROR;
        StunWriter writer = new StunWriter(MsTurnDialect.SHA1).wrap(ByteBuffer.allocate(300));
        if (cookie) {
            type.answer(writer, request);
        } else {
            writer.header(type.bits(), request.headerWord(), request.transactionId());
        }
        return writer.put(MsTurnAttributes.ERROR_CODE, new ErrorCode(code, "forged"))
                .finish();
    }

    /** Has the refresh that is under way refused by somebody without the key. */
    private void refuseNextRefresh(MsScene scene, int code, boolean cookie) {
        scene.network.log().clear();
        scene.edge.faults().silent(true);
        for (int i = 0; i < 40 && sent(scene).isEmpty(); i++) {
            scene.runFor(A_SECOND);
        }
        StunMessage request =
                new StunMessage(MsTurnDialect.SHA1).wrap(sent(scene).get(0));
        forge(scene, error(request, code, cookie));
        scene.edge.faults().silent(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 401, 420, 430, 431, 432, 434, 435, 436, 437, 438, 441, 500, 600, 699})
    void noForgedErrorEndsWhatStands(int code) {
        for (boolean cookie : new boolean[] {true, false}) {
            MsScene scene = new MsScene().allocated();
            scene.setDestination(scene.peer.address());
            scene.runFor(A_SECOND);

            refuseNextRefresh(scene, code, cookie);
            scene.runFor(Duration.ofMinutes(5));
            scene.send(scene.peer.address(), "still here");
            scene.runFor(A_SECOND);

            assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
            assertThat(MsScene.heardBy(scene.peer)).containsExactly("still here");
        }
    }

    // digest §11.1 item 9: one server answers a Send that is not authentic, which none may ([MS-TURN] §2.2.1)
    @Test
    void anErrorToASendChangesNothing() {
        MsEdgeConfig answering = CONFIG.withDemands(EnumSet.allOf(MsDemand.class));
        MsScene scene = new MsScene(answering, MsScene.SERVER).allocated();
        scene.network.log().clear();
        scene.edge.faults().forgetUser("alice");

        scene.send(scene.peer.address(), "unheard");
        scene.runFor(A_SECOND);

        assertThat(scene.network.log().deliveredTo("client"))
                .as("control: it was answered")
                .extracting(each -> each.packet().payload().getShort(0) & 0xFFFF)
                .containsExactly(MsTurnType.SEND_ERROR.bits());
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.received).isEmpty();
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
    }

    // A server that hears a request twice answers it twice: what nobody waits for any more is no packet of the
    // destination's
    @Test
    void aSecondAnswerIsNoDataOfTheActiveDestination() {
        MsScene scene = new MsScene().allocated();
        scene.network.log().clear();
        scene.setDestination(scene.peer.address());
        scene.runFor(A_SECOND);
        List<ByteBuffer> answers = scene.network.log().deliveredTo("client").stream()
                .map(each -> each.packet().payload())
                .toList();

        answers.forEach(each -> forge(scene, each.duplicate()));
        scene.peer.send(scene.relayed(), "data");
        scene.runFor(A_SECOND);

        assertThat(answers)
                .as("control: it was answered")
                .extracting(each -> each.getShort(0) & 0xFFFF)
                .containsExactly(MsTurnType.SET_ACTIVE_DESTINATION_RESPONSE.bits());
        assertThat(scene.received).containsExactly("data from 5000");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 401, 431, 437, 438, 441, 500, 600})
    void noForgedErrorToASendEndsWhatStands(int code) {
        MsScene scene = new MsScene().allocated();
        scene.network.log().clear();
        scene.send(scene.peer.address(), "first");
        scene.runFor(A_SECOND);
        StunWriter writer = new StunWriter(MsTurnDialect.SHA1).wrap(ByteBuffer.allocate(300));
        MsTurnType.SEND_ERROR.answer(writer, scene.sent().get(0));
        writer.put(MsTurnAttributes.ERROR_CODE, new ErrorCode(code, "forged"))
                .put(MsTurnAttributes.REALM, "other")
                .putBytes(MsTurnAttributes.NONCE, new byte[16]);

        forge(scene, writer.finish());
        scene.runFor(Duration.ofMinutes(3));
        scene.send(scene.peer.address(), "second");
        scene.runFor(A_SECOND);

        assertThat(MsScene.heardBy(scene.peer)).containsExactly("first", "second");
        assertThat(scene.received).isEmpty();
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
    }

    @Test
    void anUnsignedSuccessIsNotBelieved() {
        MsScene scene = new MsScene();
        scene.edge.faults().unsigned(true);
        scene.allocate();
        scene.runFor(Duration.ofSeconds(20));

        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATING);
    }

    // The lower of the two versions decides: a client that says 2 is answered with SHA-1 by a server of version 6.
    @Test
    void aServerOfALaterVersionIsUnderstood() {
        MsScene scene = new MsScene(CONFIG.withVersion(6), MsScene.server(MsTurn.DEFAULT.withVersion(2)));

        scene.allocated();

        assertThat(scene.events(EdgeEvent.Allocated.class)).hasSize(1);
    }

    @Test
    void unquotedIsTriedFirstAndQuotedOnce() {
        MsEdgeConfig quoting = CONFIG.withRealm("\"rtcmedia\"", true);
        MsScene scene = new MsScene(quoting, MsScene.SERVER).allocated();

        assertThat(scene.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .containsExactly(401, 431);

        MsScene other = new MsScene(quoting, MsScene.server(MsTurn.DEFAULT.withQuotedRealmFirst())).allocated();
        assertThat(other.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .containsExactly(401);
    }

    @Test
    void noRubbishHarmsAnAllocation() {
        MsScene scene = new MsScene().allocated();
        List<ByteBuffer> seeds = sent(scene);
        scene.network
                .log()
                .deliveredTo("client")
                .forEach(each -> seeds.add(each.packet().payload()));
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(40) : 0];
            if (bytes.length == 0) {
                ByteBuffer seed = seeds.get(random.nextInt(seeds.size())).duplicate();
                bytes = new byte[seed.remaining()];
                seed.get(bytes);
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            } else {
                random.nextBytes(bytes);
            }
            forge(scene, ByteBuffer.wrap(bytes));
        }
        scene.send(scene.peer.address(), "still here");
        scene.runFor(Duration.ofMinutes(2));

        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(MsScene.heardBy(scene.peer)).containsExactly("still here");
    }

    @Test
    void aDestinationThatCannotBeHadNowIsAskedForOnceMore() {
        MsScene scene = new MsScene().allocated();
        scene.edge.faults().fail(MsTurn.DEFAULT.bindMethod(), 439);
        scene.setDestination(scene.peer.address());
        scene.runFor(Duration.ofSeconds(10));

        assertThat(scene.client.has(TurnEvent.ChannelBound.class)).isTrue();

        MsScene never = new MsScene().allocated();
        never.edge.faults().fail(MsTurn.DEFAULT.bindMethod(), 439, 9);
        never.setDestination(never.peer.address());
        never.runFor(Duration.ofSeconds(30));
        assertThat(never.client.events(TurnEvent.ChannelRefused.class)).hasSize(1);
    }
}
