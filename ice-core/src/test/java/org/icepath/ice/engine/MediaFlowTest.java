// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.PairStatistics;
import org.icepath.sansio.Base;
import org.icepath.testkit.call.VirtualPhone.Received;
import org.junit.jupiter.api.Test;

/** Packets of one source in a row: whose they are is asked once, and must be asked again when something else has happened. */
class MediaFlowTest {

    private static final int RTP = 0;
    private static final int RTCP_SENDER_REPORT = 200;

    private final IceConfig config = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
    private final Dialogs dialogs = Dialogs.connected(new CallScene(5), config, config);
    private final Base base = socketOf(dialogs.bob().bases());
    private final InetSocketAddress from = socketOf(dialogs.alice().bases()).address();

    private static Base socketOf(List<HostBase> bases) {
        return bases.stream()
                .filter(each -> each.component() == 1)
                .findFirst()
                .orElseThrow()
                .base();
    }

    /** Bob's machine gets packets of these types in one go, as its shell does where it is quiet; returns what it has said of each. */
    private List<String> arrive(int... types) {
        List<String> said = new ArrayList<>();
        dialogs.bob().node().act(IceEngine.class, (now, engine) -> said.addAll(arriveAt(engine, now, types)));
        return said;
    }

    private List<String> arriveAt(IceEngine engine, long now, int... types) {
        List<String> said = new ArrayList<>();
        for (int type : types) {
            boolean taken = engine.handle(now, base, from, packet(type));
            said.add(taken ? engine.isQuiet() ? "quiet" : "taken" : "nobody's");
        }
        return said;
    }

    private static ByteBuffer packet(int type) {
        return ByteBuffer.allocate(12).put(0, (byte) 0x80).put(1, (byte) type);
    }

    private List<Integer> components() {
        return dialogs.bob().received().stream().map(Received::component).toList();
    }

    @Test
    void aBurstIsQuietAfterItsFirstPacketAndCountedWhole() {
        assertThat(arrive(RTP, RTP, RTP, RTP)).containsExactly("taken", "quiet", "quiet", "quiet");

        assertThat(components()).containsExactly(1, 1, 1, 1);
        List<PairStatistics> pairs = dialogs.bob().perform(now -> dialogs.bob()
                .engine()
                .snapshot(now, dialogs.toAlice())
                .pairs(new WallClock(now, Instant.EPOCH)));
        assertThat(pairs.stream().mapToLong(PairStatistics::packetsReceived)).containsExactly(4L);
    }

    // RFC 5761 §4: told apart packet by packet, though they come from one address
    @Test
    void rtcpAmongRtpGoesToItsComponentAndItsFirstPacketIsTold() {
        arrive(RTP, RTP);

        assertThat(arrive(RTP, RTCP_SENDER_REPORT, RTP, RTCP_SENDER_REPORT))
                .containsExactly("quiet", "taken", "quiet", "quiet");

        assertThat(components()).containsExactly(1, 1, 1, 2, 1, 2);
        assertThat(dialogs.bob().heard(IceEvent.FirstPacket.class))
                .extracting(IceEvent.FirstPacket::component)
                .containsExactly(1, 2);
    }

    // it is kept, like any that comes while no peer is known
    @Test
    void aPacketAfterThePeerIsClosedIsNotDelivered() {
        // in one step: after a packet that was quiet the machine has not been drained when the command comes
        dialogs.bob().node().act(IceEngine.class, (now, engine) -> {
            assertThat(arriveAt(engine, now, RTP, RTP)).containsExactly("taken", "quiet");
            engine.signalling().closePeer(now, dialogs.toAlice());
        });

        assertThat(arrive(RTP)).containsExactly("taken");
        assertThat(components()).hasSize(2);
    }

    @Test
    void aPacketOfAnotherSourceAmongThemIsNobodys() {
        arrive(RTP, RTP);
        List<Boolean> taken = new ArrayList<>();

        dialogs.bob().node().act(IceEngine.class, (now, engine) -> {
            taken.add(engine.handle(now, base, from, packet(RTP)));
            taken.add(engine.handle(now, base, new InetSocketAddress("192.0.2.66", 6_666), packet(RTP)));
            taken.add(engine.handle(now, base, from, packet(RTP)));
        });

        assertThat(taken).containsExactly(true, false, true);
    }
}
