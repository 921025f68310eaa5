// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.LocalBase;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnEvent;
import org.junit.jupiter.api.Test;

/** A session may live for days, and its interfaces come and go: what is remembered of relays must not grow with them. */
class EndedRelaysTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress(CallScene.SERVER, 3478);
    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.11", 5000);

    private final List<Relay> seen = new ArrayList<>();
    private final List<Base> sentFrom = new ArrayList<>();
    private final Relays relays =
            new Relays(withTurn(audio()), new SplittableRandom(1), (relay, peer, datagram) -> {}, new RelayListener() {
                @Override
                public void allocating(long now, Relay relay) {
                    seen.add(relay);
                }

                @Override
                public void relayEvent(long now, Relay relay, TurnEvent event) {
                    if (event instanceof TurnEvent.Failed) {
                        relay.end();
                    }
                }

                @Override
                public void crowdedOut(long now, Relay relay, InetSocketAddress peer) {}

                @Override
                public void connected(
                        long now, Relay relay, Base connection, InetSocketAddress peer, boolean incoming) {}
            });

    private final Output<Object> out = new Output<>() {
        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            sentFrom.add(base);
        }

        @Override
        public void event(Object event) {}
    };

    private Base ask(int number) {
        Base socket = new Base(number, Transport.UDP, new InetSocketAddress("198.51.100.10", 40_000 + number));
        LocalBase local = new LocalBase(0, 1, socket, "wlan0", InterfaceKind.WIRELESS);
        relays.allocate(number, new AllocationRequest(local, 0, ServerAddress.udp(SERVER), PortRequest.ANY));
        relays.drainTo(number, out);
        return socket;
    }

    private void lose(Base socket) {
        relays.baseLost(0, socket, new Cause(Cause.Kind.LOCAL_GONE, "wlan0 is gone"));
        relays.drainTo(0, out);
    }

    @Test
    void relaysThatHaveEndedAreForgottenButForTheLastOfThem() {
        Base standing = ask(1);
        for (int i = 2; i <= 100; i++) {
            lose(ask(i));
        }

        assertThat(relays.table().size()).isLessThan(10);
        assertThat(relays.table().standingOrAsked()).containsExactly(seen.get(0));
        assertThat(seen).extracting(Relay::number).doesNotHaveDuplicates();
        sentFrom.clear();
        ask(101);
        assertThat(relays.table().standingOrAsked()).hasSize(2);
        assertThat(sentFrom).hasSize(1).doesNotContain(standing);
    }

    @Test
    void whatIsStillSentOverAForgottenRelayGoesNowhere() {
        for (int i = 1; i <= 50; i++) {
            lose(ask(i));
        }
        sentFrom.clear();

        for (long number = 1; number <= 60; number++) {
            Base relayed = new Base(number << 32, Transport.UDP, new InetSocketAddress(CallScene.SERVER, 50_000));
            relays.transmit(0, relayed, PEER, ByteBuffer.allocate(20), out);
            relays.connections().disconnect(0, relayed);
            assertThat(relays.connections().shares(relayed)).isFalse();
        }

        assertThat(sentFrom).isEmpty();
    }
}
