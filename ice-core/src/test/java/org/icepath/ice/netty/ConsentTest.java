// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.icepath.Icepath;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.SendResult;
import org.icepath.ice.Timings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 7675 §5.1 at the faces of a path: who no longer consents is sent nothing, and the application hears why. */
class ConsentTest {

    /** The least that {@link Timings} takes. */
    private static final Duration CONSENT = Duration.ofSeconds(8);

    private final IceRuntime runtime = Icepath.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void withoutConsentEveryFaceOfAPathSaysThatItIsMissing() throws Exception {
        try (Call call = Call.connect(runtime, audio(1).timings(timings()))) {
            NettyIcePath path = call.alicesPath(1);
            CompletableFuture<IceEvent.ConsentLost> lost = new CompletableFuture<>();
            call.toBob().onEvent(event -> {
                if (event instanceof IceEvent.ConsentLost consentLost) {
                    lost.complete(consentLost);
                }
            });
            await(path.selected());
            assertThat(path.send(text("while he is there"))).isEqualTo(SendResult.SENT);

            call.bob().close();
            assertThat(lost.get(60, SECONDS).stream()).isEqualTo("audio");

            assertThat(path.send(text("to nobody"))).isEqualTo(SendResult.NO_CONSENT);
            assertThat(path.isWritable()).isFalse();
            try (DatagramSocket socket = path.datagramSocket()) {
                DatagramPacket packet = new DatagramPacket(new byte[10], 10, socket.getLocalAddress(), 9);
                assertThatExceptionOfType(PortUnreachableException.class).isThrownBy(() -> socket.send(packet));
            }
            Channel channel = path.channel();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> channel.writeAndFlush(Unpooled.copiedBuffer("to nobody", UTF_8))
                            .get(30, SECONDS))
                    .havingCause()
                    .isInstanceOfSatisfying(UnsentPacketException.class, unsent -> assertThat(unsent.result())
                            .isEqualTo(SendResult.NO_CONSENT));
            assertThat(path.statistics().packetsDiscardedOnSend()).isEqualTo(3);
        }
    }

    private static Timings timings() {
        Timings usual = Timings.RFC8445;
        return new Timings(
                usual.ta(),
                usual.rto(),
                usual.keepalive(),
                CONSENT.dividedBy(2),
                CONSENT,
                usual.patience(),
                usual.nominationPatience(),
                usual.promotionWindow());
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
