// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.SendResult;
import org.icepath.sdp.IceSdp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that know no ICE, and descriptions that are of no use. */
class PlainPeerTest {

    private final IceRuntime runtime = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aPeerWithoutIceGetsPlainUdpOverTheSamePath() throws Exception {
        try (DatagramSocket telephone = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                IceSession alice = runtime.open(audio(1))) {
            IceDescription offer = await(alice.offer());
            IcePath path = alice.accept(withoutIce(telephone.getLocalPort())).path("audio", 1);
            BlockingQueue<ByteBuffer> heard = new LinkedBlockingQueue<>();
            path.onReceive(packet -> heard.add(packet.copy()));
            await(path.ready());

            assertThat(path.send(ByteBuffer.wrap(new byte[] {(byte) 0x80, 7}))).isEqualTo(SendResult.SENT);
            DatagramPacket arrived = new DatagramPacket(new byte[100], 100);
            telephone.setSoTimeout(30_000);
            telephone.receive(arrived);
            assertThat(arrived.getLength()).isEqualTo(2);

            InetSocketAddress ours = Call.addressIn(offer);
            telephone.send(new DatagramPacket(new byte[] {(byte) 0x80, 8, 9}, 3, ours));
            assertThat(heard.poll(30, SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0x80, 8, 9}));
            assertThat(await(alice.report()).text()).contains("no ICE");
        }
    }

    @Test
    void aDescriptionThatCannotBeUsedIsRefusedAtOnceWithTheReason() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            await(alice.offer());

            assertThatExceptionOfType(IceException.class)
                    .isThrownBy(() -> alice.accept(IceDescription.builder().build()))
                    .satisfies(thrown ->
                            assertThat(thrown.failure().kind()).isEqualTo(IceFailure.Kind.UNUSABLE_DESCRIPTION));
        }
    }

    private static IceDescription withoutIce(int port) {
        return IceSdp.parse("""
                        v=0
                        o=- 1 1 IN IP4 127.0.0.1
                        s=-
                        c=IN IP4 127.0.0.1
                        t=0 0
                        m=audio %d RTP/AVP 0
                        """.formatted(port)).description();
    }
}
