// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RtpReceiverTest {

    private final RtpReceiver receiver = new RtpReceiver();

    @Test
    void packetsThatComeAgainAreCountedAsDuplicates() {
        receive(0, 1, 1, 2, 0);

        assertThat(receiver.received()).isEqualTo(3);
        assertThat(receiver.duplicated()).isEqualTo(2);
        assertThat(receiver.overtaken()).isZero();
    }

    @Test
    void packetsThatComeAfterLaterOnesAreOvertakenAndNotLost() {
        receive(0, 2, 1, 3);

        assertThat(receiver.received()).isEqualTo(4);
        assertThat(receiver.overtaken()).isEqualTo(1);
        assertThat(receiver.duplicated()).isZero();
    }

    @Test
    void whatHasNotArrivedIsNamedByNumber() {
        receive(1, 4, 5);

        assertThat(receiver.missing(6)).isEqualTo("0, 2-3");
        assertThat(receiver.missing(9)).isEqualTo("0, 2-3, 6-8");
        assertThat(receiver.missing(0)).isEmpty();
    }

    @Test
    void otherPacketsAreNotCounted() {
        receiver.receive(ByteBuffer.allocate(40));

        assertThat(receiver.received()).isZero();
        assertThat(receiver.foreign()).isEqualTo(1);
    }

    private void receive(int... numbers) {
        for (int number : numbers) {
            ByteBuffer packet = ByteBuffer.allocate(RtpSender.HEADER + RtpSender.PAYLOAD);
            packet.put(0, (byte) 0x80).putLong(RtpSender.HEADER, number);
            receiver.receive(packet);
        }
    }
}
