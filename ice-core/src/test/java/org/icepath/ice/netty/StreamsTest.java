// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.IceState;
import org.icepath.ice.SendResult;
import org.icepath.ice.StreamConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams and forks by the verbs of the façade, on real sockets (RFC 3264 §8, RFC 3261 §13.2.2.4). */
class StreamsTest {

    private static final StreamConfig VIDEO = new StreamConfig("video", List.of(1, 2), 0, 0, 0, false);
    private static final ByteBuffer PACKET = ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3});

    private final IceRuntime runtime = Icepath.start();

    @AfterEach
    void closeRuntime() {
        runtime.close();
    }

    private static IceDescription exchange(IcePeer from, IcePeer to) throws Exception {
        IceDescription answer = await(to.answer(carried(await(from.offer()))));
        await(from.accept(carried(answer)));
        return answer;
    }

    @Test
    void aStreamThatIsAddedCarriesPacketsAndOneThatIsRemovedDoesNot() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            await(call.alice().addStream(VIDEO));
            await(call.bob().addStream(VIDEO));
            IcePath alices = call.toBob().path("video", 2);
            IcePath bobs = call.toAlice().path("video", 2);
            BlockingQueue<ByteBuffer> heard = new LinkedBlockingQueue<>();
            bobs.onReceive(packet -> heard.add(packet.copy()));

            exchange(call.toBob(), call.toAlice());
            await(alices.selected());
            assertThat(alices.send(PACKET)).isEqualTo(SendResult.SENT);
            assertThat(heard.poll(30, SECONDS)).isEqualTo(PACKET);

            int sockets = sockets(call.alice());
            await(call.alice().removeStream("video"));
            assertThat(alices.send(PACKET)).isEqualTo(SendResult.NO_PATH);
            exchange(call.toBob(), call.toAlice());
            Eventually.holds(() -> sockets(call.alice()) == sockets - 2);
            assertThat(call.alicesPath(1).send(PACKET)).isEqualTo(SendResult.SENT);
            assertThatThrownBy(() -> await(call.alice().removeStream("video"))).hasMessageContaining("video");
        }
    }

    // RFC 5761 §5.1.1: who takes the call over does not multiplex, and the socket of RTCP was closed long ago
    @Test
    void rtcpThatIsNotMultiplexedAnyMoreGetsASocketAgain() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2).rtcpMux("audio"));
                IceSession carol = runtime.open(audio(1, 2))) {
            await(call.alicesPath(1).selected());
            Eventually.holds(() -> sockets(call.alice()) == 1);

            IceDescription answer = await(call.toBob().answer(carried(await(carol.offer()))));
            IcePath carols = carol.accept(carried(answer)).path("audio", 2);
            BlockingQueue<ByteBuffer> heard = new LinkedBlockingQueue<>();
            call.alicesPath(2).onReceive(packet -> heard.add(packet.copy()));
            await(carols.selected());

            assertThat(answer.streams().get(0).components()).containsExactly(1, 2);
            assertThat(sockets(call.alice())).isEqualTo(2);
            assertThat(carols.send(PACKET)).isEqualTo(SendResult.SENT);
            assertThat(heard.poll(30, SECONDS)).isEqualTo(PACKET);
        }
    }

    // RFC 3261 §13.2.2.4: an INVITE may fork to more than there is room for
    @Test
    void aForkForWhichThereIsNoRoomIsToldOfAndSaysWhyItAnswersNothing() throws Exception {
        BlockingQueue<IceFailure> told = new LinkedBlockingQueue<>();
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1))) {
            alice.onEvent(event -> {
                if (event instanceof IceEvent.Failed failed) {
                    told.add(failed.failure());
                }
            });
            IceDescription answer =
                    carried(await(bob.answer(carried(await(alice.offer())))).description());
            IcePeer last = alice.accept(answer);
            for (int fork = 2; fork <= 33; fork++) {
                last = alice.accept(answer);
            }

            assertThat(told.poll(30, SECONDS))
                    .satisfies(failure -> assertThat(failure.explanation()).contains("has 32 peers already"));
            IcePeer refused = last;
            assertThatThrownBy(() -> await(refused.offer())).hasMessageContaining("has 32 peers already");
            refused.close();
            assertThatThrownBy(() -> await(refused.offer())).hasMessageContaining("closed by the application");
        }
    }

    private static int sockets(IceSession session) {
        SessionShell shell = ((NettyIceSession) session).shell();
        // the event loop's own
        return shell.commands().compute(now -> shell.driver().sockets().size()).join();
    }

    @Test
    void aStreamThatIsAddedBeforeTheOfferIsInIt() throws Exception {
        try (IceSession session = runtime.open(audio(1))) {
            await(session.addStream(VIDEO));

            IceDescription offer = await(session.offer());

            assertThat(offer.streams()).hasSize(2);
            assertThat(offer.streams().get(1).components()).containsExactly(1, 2);
        }
    }

    // each branch has its own peer, and its early media comes there; what loses is closed, and the winner talks on
    @Test
    void earlyMediaOfForksArrivesAtTheirOwnPaths() throws Exception {
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1));
                IceSession carol = runtime.open(audio(1))) {
            IceDescription offer = carried(await(alice.offer()));
            IceAnswer bobs = await(bob.answer(offer));
            IceAnswer carols = await(carol.answer(offer));
            IcePeer toBob = alice.accept(carried(bobs.description()));
            IcePeer toCarol = alice.accept(carried(carols.description()));
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            toBob.path("audio", 1).onReceive(packet -> heard.add("bob"));
            toCarol.path("audio", 1).onReceive(packet -> heard.add("carol"));

            await(bobs.peer().path("audio", 1).ready());
            await(carols.peer().path("audio", 1).ready());
            bobs.peer().path("audio", 1).send(PACKET);
            assertThat(heard.poll(30, SECONDS)).isEqualTo("bob");
            carols.peer().path("audio", 1).send(PACKET);
            assertThat(heard.poll(30, SECONDS)).isEqualTo("carol");

            await(toCarol.path("audio", 1).selected());
            toBob.close();
            Eventually.holds(() -> toBob.path("audio", 1).send(PACKET) == SendResult.NO_PATH);
            assertThat(toCarol.path("audio", 1).send(PACKET)).isEqualTo(SendResult.SENT);
            assertThat(sockets(alice)).as("one for all").isEqualTo(1);
        }
    }

    /** What a listener of all peers was told. */
    private record Told(IcePeer peer, IceEvent event) {}

    @Test
    void whatHappensWithForksIsToldWithTheirPeers() throws Exception {
        Queue<Told> told = new ConcurrentLinkedQueue<>();
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1));
                IceSession carol = runtime.open(audio(1))) {
            alice.onPeerEvent((peer, event) -> told.add(new Told(peer, event)));
            IceDescription offer = carried(await(alice.offer()));
            IcePeer toBob = alice.accept(carried(await(bob.answer(offer)).description()));
            IcePeer toCarol = alice.accept(carried(await(carol.answer(offer)).description()));

            Eventually.holds(() -> told.contains(new Told(toBob, new IceEvent.StreamSelected("audio")))
                    && told.contains(new Told(toCarol, new IceEvent.StreamSelected("audio"))));
            toBob.close();
            Eventually.holds(() -> told.stream().anyMatch(each -> each.peer() == toBob && isEnd(each.event())));

            assertThat(told).filteredOn(each -> isEnd(each.event())).hasSize(1);
            assertThat(told).allMatch(each -> each.peer() == toBob || each.peer() == toCarol);
        }
    }

    private static boolean isEnd(IceEvent event) {
        return event instanceof IceEvent.StateChanged changed && changed.to() == IceState.CLOSED;
    }
}
