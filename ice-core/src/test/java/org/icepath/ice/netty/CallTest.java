// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.IceState;
import org.icepath.ice.PathStatistics;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void twoSessionsConnectAndCarryMediaBothWays() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2))) {
            for (int component = 1; component <= 2; component++) {
                call.alicesPath(component).onReceive(packet -> heard.add("alice " + text(packet.copy())));
                call.bobsPath(component).onReceive(packet -> heard.add("bob " + text(packet.copy())));
                await(call.alicesPath(component).ready());
                await(call.bobsPath(component).ready());

                assertThat(call.alicesPath(component).send(bytes("hello"))).isEqualTo(SendResult.SENT);
                assertThat(heard.poll(30, SECONDS)).isEqualTo("bob hello");
                assertThat(call.bobsPath(component).send(bytes("hi"))).isEqualTo(SendResult.SENT);
                assertThat(heard.poll(30, SECONDS)).isEqualTo("alice hi");
            }
        }
    }

    // RFC 8445 §12.2: we receive from the moment our description has gone out, whoever listens when.
    @Test
    void packetsThatComeBeforeAnybodyListensAreHandedOverInOrder() throws Exception {
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1))) {
            IceAnswer answer = await(bob.answer(Call.carried(await(alice.offer()))));
            IcePath bobsPath = answer.peer().path("audio", 1);
            await(bobsPath.ready());
            bobsPath.send(bytes("before the answer"));
            IcePath alicesPath =
                    alice.accept(Call.carried(answer.description())).path("audio", 1);
            await(alicesPath.ready());
            bobsPath.send(bytes("before a listener"));
            await(alicesPath.selected());

            alicesPath.onReceive(packet -> heard.add(text(packet.copy())));
            bobsPath.send(bytes("after"));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("before the answer");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("before a listener");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("after");
        }
    }

    // IceSession.offer, IcePeer.offer: an INVITE may have to be sent anew, and must not make a restart of it
    @Test
    void anOfferThatIsAskedForAgainHasTheSameCredentials() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            IceDescription first = await(call.alice().offer());
            assertThat(await(call.alice().offer()).streams()).isEqualTo(first.streams());

            call.toBob().restart();
            IceDescription restart = await(call.toBob().offer());

            assertThat(restart.streams().get(0).credentials())
                    .isNotEqualTo(first.streams().get(0).credentials());
            assertThat(await(call.toBob().offer()).streams().get(0).credentials())
                    .isEqualTo(restart.streams().get(0).credentials());
        }
    }

    @Test
    void aCandidateOfNoStreamIsRefused() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            IceDescription theirs = await(call.toAlice().offer());

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.toBob()
                            .addCandidate(
                                    call.toBob().generation(),
                                    "video",
                                    theirs.streams().get(0).candidates().get(0)))
                    .withMessageContaining("video")
                    .withMessageContaining("[audio]");
        }
    }

    // RFC 8445 §6.1.1: who offers controls; §8.1: every stream ends with a selected pair for each component.
    @Test
    void theOffererControlsAndBothSidesComplete() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(2).selected());

            assertThat(call.toBob().role()).isEqualTo(IceRole.CONTROLLING);
            assertThat(call.toAlice().role()).isEqualTo(IceRole.CONTROLLED);
            assertThat(call.toBob().state()).isIn(IceState.CONNECTED, IceState.COMPLETED);
            assertThat(call.alicesPath(1).current()).isPresent();
        }
    }

    // RFC 8445 §12.1: data needs a valid pair. Nobody answers here, so that there never is one.
    @Test
    void nothingIsSentBeforeTheFirstValidPair() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            await(alice.offer());
            IceSession gone = runtime.open(audio(1));
            IceDescription description = await(gone.offer());
            gone.close();
            IcePath path = alice.accept(Call.carried(description)).path("audio", 1);

            assertThat(path.send(bytes("too early"))).isEqualTo(SendResult.NO_PATH);
            assertThat(path.statistics().packetsDiscardedOnSend()).isOne();
            assertThat(path.ready()).isNotDone();
        }
    }

    @Test
    void onTheEventLoopPacketsGoWithoutACopy() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            NettyIcePath path = call.alicesPath(1);
            call.bobsPath(1).onReceive(packet -> heard.add(text(packet.copy())));
            await(path.ready());

            CompletableFuture<SendResult> sent = path.ready().thenApply(ready -> {
                ByteBuf packet = path.allocate(100);
                packet.writeBytes("direct".getBytes(UTF_8));
                return path.send(packet);
            });

            assertThat(await(sent)).isEqualTo(SendResult.SENT);
            assertThat(heard.poll(30, SECONDS)).isEqualTo("direct");
        }
    }

    @Test
    void anEchoFromWithinTheCallbackWorks() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            IcePath bobs = call.bobsPath(1);
            bobs.onReceive(packet -> bobs.send(packet.payload()));
            call.alicesPath(1).onReceive(packet -> heard.add(text(packet.copy())));
            await(call.alicesPath(1).ready());
            await(bobs.ready());

            call.alicesPath(1).send(bytes("ping"));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("ping");
        }
    }

    @Test
    void aCallbackThatThrowsDoesNotStopTheSession() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            call.toBob().onEvent(event -> {
                throw new AssertionError("a bug of the application");
            });
            call.bobsPath(1).onReceive(packet -> {
                heard.add(text(packet.copy()));
                throw new NoClassDefFoundError("a class that the application lacks");
            });
            await(call.alicesPath(1).ready());

            call.alicesPath(1).send(bytes("one"));
            call.alicesPath(1).send(bytes("two"));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("one");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("two");
            await(call.alicesPath(1).selected());
        }
    }

    @Test
    void thePositionOfAPacketDoesNotMove() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).ready());
            ByteBuffer packet = bytes("xhello");
            packet.position(1);
            call.bobsPath(1).onReceive(each -> heard.add(text(each.copy())));

            call.alicesPath(1).send(packet);

            assertThat(packet.position()).isOne();
            assertThat(packet.remaining()).isEqualTo(5);
            assertThat(heard.poll(30, SECONDS)).isEqualTo("hello");
        }
    }

    // RFC 8445 §12.1: a STUN message among the media would be taken for one of ICE's by the other side.
    @Test
    void aStunMessageIsRefused() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).ready());
            ByteBuffer stun = ByteBuffer.allocate(20).putInt(4, 0x2112A442).put(1, (byte) 1);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.alicesPath(1).send(stun));
        }
    }

    @Test
    void statisticsCountWhatPassed() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            call.bobsPath(1).onReceive(packet -> heard.add(text(packet.copy())));
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            call.alicesPath(1).send(bytes("four"));
            assertThat(heard.poll(30, SECONDS)).isEqualTo("four");

            PathStatistics alices = call.alicesPath(1).statistics();
            PathStatistics bobs = call.bobsPath(1).statistics();

            assertThat(alices.packetsSent()).isOne();
            assertThat(alices.bytesSent()).isEqualTo(4);
            assertThat(bobs.packetsReceived()).isOne();
            assertThat(bobs.bytesReceived()).isEqualTo(4);
            assertThat(alices.relayed()).isFalse();
            assertThat(alices.lastChange()).isPresent();
            Eventually.holds(
                    () -> call.alicesPath(1).statistics().currentRoundTripTime().isPresent());
        }
    }

    @Test
    void theSessionHearsTheEventsOfItsPeers() throws Exception {
        BlockingQueue<IceEvent> events = new LinkedBlockingQueue<>();
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1))) {
            alice.onEvent(events::add);
            alice.accept(Call.carried(
                    await(bob.answer(Call.carried(await(alice.offer())))).description()));

            IceEvent event = events.poll(30, SECONDS);
            while (!(event instanceof IceEvent.PathReady) && event != null) {
                event = events.poll(30, SECONDS);
            }
            assertThat(event).isInstanceOf(IceEvent.PathReady.class);
        }
    }

    @Test
    void unknownStreamsAndComponentsAreNamed() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.toBob().path("video", 1))
                    .withMessageContaining("audio");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.toBob().path("audio", 2))
                    .withMessageContaining("1 to 1");
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
