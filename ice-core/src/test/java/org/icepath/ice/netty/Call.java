// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.PathChange;
import org.icepath.sdp.IceSdp;

/**
 * Two sessions that have exchanged offer and answer as SDP.
 *
 * @param alice offers
 * @param bob answers
 * @param toBob alice's view of bob
 * @param toAlice bob's view of alice
 */
record Call(IceSession alice, IceSession bob, IcePeer toBob, IcePeer toAlice) implements AutoCloseable {

    static final int TIMEOUT_SECONDS = 30;

    /** One audio stream on the loopback address. */
    static IceConfig audio(int... components) {
        return IceConfig.create().stream("audio", components).localAddress(InetAddress.getLoopbackAddress());
    }

    static Call connect(IceRuntime runtime, IceConfig config) throws Exception {
        return connect(runtime, config, config);
    }

    static Call connect(IceRuntime runtime, IceConfig ofAlice, IceConfig ofBob) throws Exception {
        return connect(runtime, ofAlice, runtime, ofBob);
    }

    static Call connect(IceRuntime alices, IceConfig ofAlice, IceRuntime bobs, IceConfig ofBob) throws Exception {
        IceSession alice = alices.open(ofAlice);
        IceSession bob = bobs.open(ofBob);
        IceDescription offer = carried(await(alice.offer()));
        IceAnswer answer = await(bob.answer(offer));
        IcePeer toBob = alice.accept(carried(answer.description()));
        return new Call(alice, bob, toBob, answer.peer());
    }

    /** What is left of a description after signalling has carried it. */
    static IceDescription carried(IceDescription description) {
        return IceSdp.parse(IceSdp.format(description)).description();
    }

    /** The path of an offerer to somebody who described himself and has gone: it never carries anything. */
    static NettyIcePath pathToNobody(IceRuntime runtime, IceSession alice) throws Exception {
        await(alice.offer());
        IceDescription unreachable;
        try (IceSession bob = runtime.open(audio(Candidate.RTP))) {
            unreachable = await(bob.offer());
        }
        return (NettyIcePath) alice.accept(carried(unreachable)).path("audio", Candidate.RTP);
    }

    /** Where the first candidate of a description is. */
    static InetSocketAddress addressIn(IceDescription description) {
        return description
                .streams()
                .get(0)
                .candidates()
                .get(0)
                .address()
                .socketAddress()
                .orElseThrow();
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, SECONDS);
    }

    /** Completed when a restart has moved a path of this peer. */
    static CompletableFuture<Void> movedByRestart(IcePeer peer) {
        CompletableFuture<Void> moved = new CompletableFuture<>();
        peer.onEvent(event -> {
            if (event instanceof IceEvent.PathChanged changed && changed.cause() == PathChange.RESTART) {
                moved.complete(null);
            }
        });
        return moved;
    }

    NettyIcePath alicesPath(int component) {
        return (NettyIcePath) toBob.path("audio", component);
    }

    NettyIcePath bobsPath(int component) {
        return (NettyIcePath) toAlice.path("audio", component);
    }

    /** Lets both select their pairs, and Bob send back what comes; what Alice hears of it. */
    BlockingQueue<ByteBuffer> echoes() throws Exception {
        NettyIcePath alices = alicesPath(Candidate.RTP);
        NettyIcePath bobs = bobsPath(Candidate.RTP);
        BlockingQueue<ByteBuffer> heard = new LinkedBlockingQueue<>();
        bobs.onReceive(packet -> bobs.send(packet.payload()));
        alices.onReceive(packet -> heard.add(packet.copy()));
        await(alices.selected());
        await(bobs.selected());
        return heard;
    }

    @Override
    public void close() {
        alice.close();
        bob.close();
    }
}
