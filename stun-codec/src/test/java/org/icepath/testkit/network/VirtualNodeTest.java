// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.testkit.network.VirtualSocket.Datagram;
import org.junit.jupiter.api.Test;

class VirtualNodeTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final VirtualHost host = net.internet().host("host", "198.51.100.1");
    private final VirtualSocket peer =
            net.internet().host("peer", "198.51.100.2").socket(2000);
    private final Base base = host.bind(1000);

    @Test
    void machineHearsItsPacketsAndItsTimersAtTheirTimes() {
        VirtualNode<String> node = host.run(new Ticker(base, peer.address()));

        peer.send(base.address(), "hello");
        net.run(3 * SECOND);

        assertThat(node.timedEvents())
                .containsExactly(
                        new TimedEvent<>(SECOND / 50, "hello from " + peer.address()),
                        new TimedEvent<>(SECOND, "tick"),
                        new TimedEvent<>(2 * SECOND, "tick"),
                        new TimedEvent<>(3 * SECOND, "tick"));
        assertThat(peer.received()).extracting(Datagram::from).containsOnly(base.address());
    }

    @Test
    void datagramThatIsNotTakenIsKept() {
        VirtualNode<String> node = host.run(new Ticker(base, peer.address()));

        peer.send(base.address(), "?");
        net.run(SECOND / 2);

        assertThat(node.unclaimed()).hasSize(1);
        assertThat(node.events()).isEmpty();
    }

    @Test
    void machineLearnsOfFailedSendsAndLostInterfaces() {
        net.internet().tellUnreachable(true);
        VirtualNode<String> node = host.run(new Ticker(base, Addresses.socket("10.0.0.1", 1)));
        net.run(SECOND);

        host.detach("198.51.100.1");
        net.run(3 * SECOND);

        assertThat(node.events()).startsWith("tick", "UNREACHABLE", "lost LOCAL_GONE");
    }

    @Test
    void baseBoundFromWithinAStepBelongsToThatMachine() {
        List<Base> bound = new ArrayList<>();
        VirtualNode<String> node = host.run(new Ticker(base, peer.address()));
        VirtualNode<String> other = host.run(new Ticker(host.bind(0), peer.address()));

        node.act((now, machine) -> bound.add(host.bind(0)));
        peer.send(bound.get(0).address(), "hello");
        net.run(SECOND / 2);

        assertThat(node.events()).hasSize(1);
        assertThat(other.events()).isEmpty();
    }

    @Test
    void closedBaseGivesItsPortBack() {
        VirtualNode<String> node = host.run(new Ticker(base, peer.address()));

        node.act(Ticker.class, (now, ticker) -> ticker.close = true);

        assertThat(host.boundSockets()).isZero();
    }

    @Test
    void killedMachineIsSilent() {
        VirtualNode<String> node = host.run(new Ticker(base, peer.address()));
        node.kill();

        peer.send(base.address(), "hello");
        net.run(5 * SECOND);

        assertThat(node.events()).isEmpty();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void deadlineThatDoesNotMoveFailsTheRun() {
        host.run(new Ticker(base, peer.address()) {
            @Override
            public void handleTimeout(long now) {
                // its deadline stays
            }
        });

        assertThatThrownBy(() -> net.run(2 * SECOND))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("deadline that handleTimeout does not move")
                .hasMessageContaining("next timeout 1000000000 ns");
    }

    @Test
    void changedBorrowedBufferFailsTheRun() {
        host.run(new Ticker(base, peer.address()) {
            @Override
            public boolean handle(long now, Base at, InetSocketAddress from, ByteBuffer payload) {
                payload.get();
                return true;
            }
        });
        peer.send(base.address(), "hello");

        assertThatThrownBy(() -> net.run(SECOND / 2)).hasMessageContaining("changed a borrowed buffer");
    }

    @Test
    void sendingFromAnotherMachinesBaseFailsTheRun() {
        host.run(new Ticker(base, peer.address()));
        host.run(new Ticker(new Base(99, Transport.UDP, base.address()), peer.address()));

        assertThatThrownBy(() -> net.run(2 * SECOND)).hasMessageContaining("not its own");
    }

    @Test
    void endlessAnswersAtOneInstantFailTheRun() {
        Zone near = net.zone("near", LinkConditions.PERFECT);
        VirtualSocket one = near.host("one", "10.0.0.1").socket(1);
        VirtualSocket two = near.host("two", "10.0.0.2").socket(1);
        net.log().capacity(0);
        one.onReceive(one::send);
        two.onReceive(two::send);
        one.send(two.address(), "ping");

        assertThatThrownBy(() -> net.run(SECOND)).hasMessageContaining("time stands still");
    }

    /** Sends a packet every second, and reports packets that are not a question mark. */
    private static class Ticker implements Machine<String> {

        private final Base base;
        private final InetSocketAddress to;
        private final List<String> reports = new ArrayList<>();
        private long deadline = SECOND;
        private boolean due;
        private boolean close;

        Ticker(Base base, InetSocketAddress to) {
            this.base = base;
            this.to = to;
        }

        @Override
        public boolean handle(long now, Base at, InetSocketAddress from, ByteBuffer payload) {
            String text = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
            if (text.equals("?")) {
                return false;
            }
            reports.add(text + " from " + from);
            return true;
        }

        @Override
        public void handleTimeout(long now) {
            if (now >= deadline) {
                deadline += SECOND;
                due = true;
                reports.add("tick");
            }
        }

        @Override
        public long nextTimeout() {
            return deadline;
        }

        @Override
        public void sendFailed(long now, Base at, InetSocketAddress failed, Cause cause) {
            reports.add(cause.kind().toString());
        }

        @Override
        public void baseLost(long now, Base lost, Cause cause) {
            reports.add("lost " + cause.kind());
        }

        @Override
        public void drainTo(Output<? super String> out) {
            reports.forEach(out::event);
            reports.clear();
            if (due) {
                due = false;
                out.transmit(base, to, ByteBuffer.wrap("tick".getBytes(StandardCharsets.UTF_8)));
            }
            if (close) {
                out.close(base);
            }
        }
    }
}
