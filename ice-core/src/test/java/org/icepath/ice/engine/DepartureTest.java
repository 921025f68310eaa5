// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.sdp.IceSdp;
import org.icepath.turn.ServerAddress;
import org.junit.jupiter.api.Test;

/** RFC 8445 §14.2: whatever a session begins, its next transaction is Ta after the last one has left. */
class DepartureTest {

    private static final long TA = Duration.ofMillis(50).toNanos();
    private static final long LATE = Duration.ofMillis(3).toNanos();

    private static final IceDescription TWO_DEAD = IceSdp.parse("""
                    v=0
                    o=- 1 1 IN IP4 192.0.2.7
                    s=-
                    c=IN IP4 192.0.2.7
                    t=0 0
                    a=ice-ufrag:them
                    a=ice-pwd:theirPassword22Chars++
                    m=audio 6000 RTP/AVP 0
                    a=rtcp-mux
                    a=candidate:1 1 UDP 2130706431 192.0.2.7 6000 typ host
                    a=candidate:2 1 UDP 2130706430 192.0.2.8 6000 typ host
                    """).description();

    private int requests;

    private final Output<EngineEvent> out = new Output<>() {
        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            requests++;
        }

        @Override
        public void event(EngineEvent event) {}
    };

    private static IceEngine engine(IceConfig config) {
        IceEngine engine = new IceEngine(
                new EngineSettings(config, Pacer.shared(), "test"),
                new Random(3),
                (at, peer, stream, part, from, it) -> {});
        Base base = new Base(1, Transport.UDP, new InetSocketAddress("192.0.2.1", 5000));
        engine.network().gather(0, List.of(new HostBase(0, 1, base, "eth0", InterfaceKind.WIRED)));
        return engine;
    }

    private int requestsBy(IceEngine engine, long now) {
        engine.handleTimeout(now);
        engine.drainTo(out);
        return requests;
    }

    @Test
    void checksAreTaApartFromWhenTheyHaveLeft() {
        IceEngine engine = engine(IceConfig.create().stream("audio", 1));
        engine.drainTo(out);
        engine.signalling().describe(0);
        int peer = engine.signalling().accept(0, TWO_DEAD, IceRole.CONTROLLING);
        engine.drainTo(out);
        assertThat(requests).as("the first check of peer %s", peer).isEqualTo(1);

        engine.transmitted(LATE);

        assertThat(requestsBy(engine, TA)).isEqualTo(1);
        assertThat(requestsBy(engine, TA + LATE)).isEqualTo(2);
    }

    @Test
    void questionsToServersAreTaApartFromWhenTheyHaveLeft() {
        IceEngine engine = engine(IceConfig.create().stream("audio", 1)
                .stunServer("192.0.2.3:3478")
                .stunServer("192.0.2.4:3478"));
        engine.network().stunServerResolved(0, 0, List.of(ServerAddress.udp(new InetSocketAddress("192.0.2.3", 3478))));
        engine.network().stunServerResolved(0, 1, List.of(ServerAddress.udp(new InetSocketAddress("192.0.2.4", 3478))));
        engine.drainTo(out);
        assertThat(requests).as("the first question").isEqualTo(1);

        engine.transmitted(LATE);

        assertThat(requestsBy(engine, TA)).isEqualTo(1);
        assertThat(requestsBy(engine, TA + LATE)).isEqualTo(2);
    }
}
