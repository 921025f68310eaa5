// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.testkit.call.MultiplexedRelay;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.junit.jupiter.api.Test;

/** Calls with two peers whose relay has one address for both ([MS-TURN] §2.2.3): each gets its own media, and all of it. */
class MultiplexedCallTest {

    private static final int PACKETS = 500;

    private final VirtualNetwork network = new VirtualNetwork(0x8095);
    private final VirtualHost relayHost = network.internet().host("relay", "198.51.100.9");
    private final MultiplexedRelay relay = new MultiplexedRelay(new SplittableRandom(1)).on(relayHost.bind(3_479));
    private final VirtualNode<MultiplexedRelay.Received> node = relayHost.run(relay);

    /**
     * One of our sides, and the number of the peer's stream on the relay.
     *
     * @param peer what our engine calls the peer
     */
    private record Line(VirtualPhone phone, int peer, long session) {}

    private Line call(String name, String address, long session) {
        IceConfig config = IceConfig.create().profile(MsProfiles.ICE2).stream("audio", Candidate.RTP);
        VirtualPhone phone = new VirtualPhone(network, network.internet().host(name, address), config).gather();
        network.runFor(Duration.ofSeconds(1));
        var ours = phone.describe();
        int peer = phone.accept(relay.add(session), IceRole.CONTROLLING);
        node.act((now, machine) -> relay.check(
                now,
                session,
                ours.sessionCredentials().orElseThrow(),
                phone.bases().get(0).base().address()));
        return new Line(phone, peer, session);
    }

    private static ByteBuffer packet(long session, int number) {
        return ByteBuffer.allocate(20)
                .put(0, (byte) 0x80)
                .putLong(4, session)
                .putInt(12, number)
                .limit(20);
    }

    private static List<ByteBuffer> packets(long session) {
        return IntStream.range(0, PACKETS).mapToObj(i -> packet(session, i)).toList();
    }

    private void complete(List<Line> lines) {
        assertThat(network.runUntil(
                        () -> lines.stream().allMatch(line -> line.phone().state(line.peer()) == IceState.COMPLETED),
                        Duration.ofSeconds(10)))
                .as(network::dump)
                .isTrue();
    }

    // As where the peer has allocated anew at the same address: its checks say so, and the path in use follows
    @Test
    void mediaFollowsTheNumberOfThePeersStream() {
        Line line = call("alice", "203.0.113.1", 1);
        complete(List.of(line));
        node.act((now, machine) -> relay.renumber(now, 1, 2));
        network.runFor(Duration.ofSeconds(1));

        assertThat(line.phone().send(line.peer(), 0, 1, packet(2, 0))).isTrue();
        network.runFor(Duration.ofSeconds(1));

        assertThat(node.events()).containsExactly(new MultiplexedRelay.Received(2, packet(2, 0)));
    }

    @Test
    void mediaOfTwoCallsCrossesOneAddressOfAMultiplexedRelayWhole() {
        List<Line> lines = List.of(
                call("alice", "203.0.113.1", 0x0102030405068DFAL), call("carol", "203.0.113.2", 0x1102030405068DFAL));
        complete(lines);
        long lostBefore = relay.dropped();
        assertThat(lostBefore).as("checks of ours, before any of theirs").isPositive();

        for (int i = 0; i < PACKETS; i++) {
            int number = i;
            for (Line line : lines) {
                assertThat(line.phone().send(line.peer(), 0, 1, packet(line.session(), number)))
                        .isTrue();
                node.act((now, machine) -> relay.send(line.session(), packet(line.session(), number)));
            }
            network.runFor(Duration.ofMillis(20));
        }
        network.runFor(Duration.ofSeconds(1));

        for (Line line : lines) {
            assertThat(node.events())
                    .filteredOn(received -> received.session() == line.session())
                    .extracting(MultiplexedRelay.Received::packet)
                    .isEqualTo(packets(line.session()));
            List<ByteBuffer> back = new ArrayList<>();
            line.phone().received().forEach(received -> back.add(received.packet()));
            assertThat(back).isEqualTo(packets(line.session()));
            assertThat(CallScene.lastRoute(line.phone())
                            .envelope()
                            .orElseThrow()
                            .length())
                    .isEqualTo(12);
        }
        assertThat(relay.dropped()).isEqualTo(lostBefore);
    }
}
