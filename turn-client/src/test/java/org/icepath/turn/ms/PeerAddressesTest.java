// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.junit.jupiter.api.Test;

/** Addresses that are kept as they stand in messages are those that come and go, however many take turns. */
class PeerAddressesTest {

    private final PeerAddresses addresses = new PeerAddresses(MsTurnAttributes.REMOTE_ADDRESS);
    private final Random random = new Random(1);

    private StunWriter message() {
        return MsTurnType.DATA_INDICATION.begin(
                new StunWriter(MsTurnDialect.SHA1).wrap(ByteBuffer.allocate(100)), TransactionId.next(random));
    }

    private static StunMessage read(StunWriter writer) {
        return new StunMessage(MsTurnDialect.SHA1).wrap(writer.finish());
    }

    private static Stream<InetSocketAddress> peers() {
        return IntStream.range(0, 60)
                .map(i -> i % 6 + i / 30) // six that take turns, then one of them is another
                .mapToObj(i -> new InetSocketAddress(i % 2 == 0 ? "203.0.113." + i : "2001:db8::" + i, 60_000 + i));
    }

    @Test
    void whatIsWrittenIsTheAddress() {
        assertThat(peers()).hasSize(60).allSatisfy(peer -> {
            StunWriter writer = message();
            addresses.put(writer, peer);
            assertThat(read(writer).get(MsTurnAttributes.REMOTE_ADDRESS)).contains(peer);
        });
    }

    @Test
    void whatIsReadIsTheAddress() {
        assertThat(peers()).hasSize(60).allSatisfy(peer -> assertThat(
                        addresses.in(read(message().put(MsTurnAttributes.REMOTE_ADDRESS, peer))))
                .contains(peer));
        assertThat(addresses.in(read(message()))).isEmpty();
    }
}
