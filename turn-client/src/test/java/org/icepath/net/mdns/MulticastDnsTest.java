// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.icepath.net.EventLoops;
import org.icepath.net.ResolvedName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two users of port 5353 on one machine. */
class MulticastDnsTest {

    private final EventLoops loops = EventLoops.start(2);
    private final MulticastDns one = new MulticastDns(loops, loops.next());
    private final MulticastDns other = new MulticastDns(loops, loops.next());

    @AfterEach
    void close() {
        one.close();
        other.close();
        loops.close();
    }

    // draft-ietf-mmusic-mdns-ice-candidates §3.1.1
    @Test
    void oneFindsWhatTheOtherPublishes() throws Exception {
        String name = UUID.randomUUID() + ".local";
        other.publish(name, InetAddress.getLoopbackAddress());

        ResolvedName found = one.resolve(name).get(20, SECONDS);

        assertThat(found.ipv4()).as(found.problems().toString()).containsExactly(InetAddress.getLoopbackAddress());
    }

    // A softphone that is started before the network is there, or whose user plugs in a cable
    @Test
    void anInterfaceThatComesLaterIsAnsweredOnOnceItIsTold() throws Exception {
        AtomicReference<List<NetworkInterface>> up = new AtomicReference<>(List.of());
        try (MulticastDns late = new MulticastDns(loops, loops.next(), up::get)) {
            String name = UUID.randomUUID() + ".local";
            late.publish(name, InetAddress.getLoopbackAddress());
            assertThat(late.resolve("no name").get(30, SECONDS).isEmpty()).isTrue(); // it has looked for interfaces

            up.set(GroupSockets.interfaces());
            late.interfacesChanged();

            assertThat(one.resolve(name).get(20, SECONDS).ipv4()).containsExactly(InetAddress.getLoopbackAddress());
        }
    }

    @Test
    void anInterfaceThatComesBackIsAnsweredOnAgain() throws Exception {
        AtomicReference<List<NetworkInterface>> up = new AtomicReference<>(GroupSockets.interfaces());
        try (MulticastDns late = new MulticastDns(loops, loops.next(), up::get)) {
            String name = UUID.randomUUID() + ".local";
            late.publish(name, InetAddress.getLoopbackAddress());
            assertThat(one.resolve(name).get(20, SECONDS).isEmpty()).isFalse();
            up.set(List.of());
            late.interfacesChanged();
            assertThat(late.resolve("no name").get(30, SECONDS).isEmpty()).isTrue(); // it has followed

            up.set(GroupSockets.interfaces());
            late.interfacesChanged();

            assertThat(other.resolve(name).get(20, SECONDS).ipv4()).containsExactly(InetAddress.getLoopbackAddress());
        }
    }

    @Test
    void aClosedOneAnswersAtOnceThatItIs() throws Exception {
        one.close();

        ResolvedName answer = one.resolve(UUID.randomUUID() + ".local").get(30, SECONDS);

        assertThat(answer.isEmpty()).isTrue();
        assertThat(answer.problems()).isNotEmpty();
    }

    @Test
    void anotherKindOfNameIsAProblemAndNoException() throws Exception {
        assertThat(one.resolve("printer.office.local").get(30, SECONDS).problems())
                .isNotEmpty();
    }
}
