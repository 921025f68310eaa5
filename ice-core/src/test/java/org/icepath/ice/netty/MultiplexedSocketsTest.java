// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.SendResult;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocketOptions;
import org.icepath.testkit.call.MultiplexedRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call with a peer behind a multiplexed relay ([MS-TURN] §2.2.3), over sockets. */
class MultiplexedSocketsTest {

    private static final long SESSION = 0x0102030405068DFAL;
    private static final List<ByteBuffer> BURST =
            IntStream.range(0, 10).mapToObj(i -> text("burst " + i)).toList();

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final EventLoops loops = EventLoops.start(1);
    private final MultiplexedRelay relay = new MultiplexedRelay(new SecureRandom());
    private final BlockingQueue<MultiplexedRelay.Received> atPeer = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> atUs = new LinkedBlockingQueue<>();
    private final MachineDriver<MultiplexedRelay.Received> driver =
            new MachineDriver<>("relay", loops, loops.next(), relay, atPeer::add, ConnectionSettings.create());

    @AfterEach
    void close() {
        runtime.close();
        driver.close();
        loops.close();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private String nextAtPeer() throws InterruptedException {
        MultiplexedRelay.Received received = atPeer.poll(30, SECONDS);
        return received == null ? "nothing" : UTF_8.decode(received.packet()).toString();
    }

    private IcePath connected(IceSession session) throws Exception {
        IceDescription offer = await(session.offer());
        IceDescription answer = await(driver.open(UdpSocketOptions.at(InetAddress.getLoopbackAddress()))
                .thenApply(socket -> relay.on(socket.base()).add(SESSION)));
        IcePath path = session.accept(answer).path("audio", Candidate.RTP);
        path.onReceive(packet -> atUs.add(UTF_8.decode(packet.copy()).toString()));
        driver.perform(
                now -> relay.check(now, SESSION, offer.sessionCredentials().orElseThrow(), Call.addressIn(offer)));
        await(path.selected());
        return path;
    }

    @Test
    void everyWayOfSendingWrapsWhatGoesThere() throws Exception {
        try (IceSession session = runtime.open(audio(1).profile(MsProfiles.ICE2))) {
            IcePath path = connected(session);

            for (int i = 0; i < 20; i++) {
                int number = i;
                assertThat(path.send(text("to " + i))).isEqualTo(SendResult.SENT);
                assertThat(nextAtPeer()).isEqualTo("to " + i);
                driver.perform(now -> relay.send(SESSION, text("fro " + number)));
                assertThat(atUs.poll(30, SECONDS)).isEqualTo("fro " + i);
            }
            // on the event loop, where packets of a burst leave together
            path.onReceive(packet -> path.sendBurst(BURST));
            driver.perform(now -> relay.send(SESSION, text("burst, please")));

            for (int i = 0; i < BURST.size(); i++) {
                assertThat(nextAtPeer()).isEqualTo("burst " + i);
            }
        }
    }
}
