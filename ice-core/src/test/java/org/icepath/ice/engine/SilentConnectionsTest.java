// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of peers that have said nothing yet. */
class SilentConnectionsTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);
    private static final long TEN_SECONDS = TimeUnit.SECONDS.toNanos(10);

    private final List<Long> closed = new ArrayList<>();
    private final SilentConnections silent =
            new SilentConnections(new Timeline(), connection -> closed.add(connection.id()));

    @BeforeEach
    void twoPorts() {
        silent.addPort(port(1, 4_000));
        silent.addPort(port(2, 4_002));
    }

    private static HostBase port(long id, int number) {
        return new HostBase(0, 1, TransportType.TCP_PASSIVE, at(id, number), "eth0", InterfaceKind.WIRED);
    }

    private static Base at(long id, int port) {
        return new Base(id, Transport.TCP, new InetSocketAddress("192.0.2.1", port));
    }

    @Test
    void theFirstDatagramShowsWhoseAConnectionIs() {
        silent.accepted(0, at(10, 4_002));

        CandidateConnection heard = Objects.requireNonNull(silent.heard(at(10, 4_002), PEER));

        assertThat(heard.ends()).isEqualTo(new CandidateConnection.Ends(at(2, 4_002), PEER));
        assertThat(heard.deadline()).isEqualTo(TEN_SECONDS);
        assertThat(silent.heard(at(10, 4_002), PEER)).as("given away").isNull();
        assertThat(silent.isAtPort(at(11, 4_001))).as("control: of nobody here").isFalse();
    }

    @Test
    void whoeverSaysNothingHasTenSeconds() {
        silent.accepted(0, at(10, 4_000));
        silent.accepted(5, at(11, 4_000));

        assertThat(silent.nextTimeout()).isEqualTo(TEN_SECONDS);
        silent.handleTimeout(TEN_SECONDS - 1);
        assertThat(closed).isEmpty();
        silent.handleTimeout(TEN_SECONDS);
        assertThat(closed).containsExactly(10L);
        silent.handleTimeout(silent.nextTimeout());
        assertThat(closed).containsExactly(10L, 11L);
        assertThat(silent.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    @Test
    void theOldestMakesRoom() {
        for (int id = 0; id < 100; id++) {
            silent.accepted(id, at(id, 4_000));
        }

        assertThat(closed)
                .containsExactlyElementsOf(LongStream.range(0, 68).boxed().toList());
    }

    // What is said over them later would be nobody's, and nobody would close them.
    @Test
    void thoseOfAPortThatIsGivenUpAreClosed() {
        silent.accepted(0, at(10, 4_000));
        silent.accepted(0, at(11, 4_002));

        silent.removePort(at(1, 4_000));

        assertThat(closed).containsExactly(10L);
        assertThat(silent.heard(at(10, 4_000), PEER)).isNull();
        assertThat(silent.heard(at(11, 4_002), PEER)).as("control").isNotNull();
    }

    @Test
    void oneThatHasEndedIsNotClosedAgain() {
        silent.accepted(0, at(10, 4_000));

        assertThat(silent.closed(at(10, 4_000))).isTrue();
        assertThat(silent.closed(at(10, 4_000))).isFalse();
        silent.handleTimeout(TEN_SECONDS);

        assertThat(closed).isEmpty();
    }
}
