// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.icepath.examples.lab.LabInternet;
import org.icepath.examples.lab.Network;

/**
 * How long a relayed candidate takes: coturn over UDP, behind a NAT and a wire with a delay. Two round trips are the least there is, since
 * the first request is challenged (RFC 8489 §9.2.4).
 */
final class RelayGathering {

    static final String NAME = "TURN gathering, RTT 50 ms";

    private static final int RTT_MILLIS = 50;
    private static final int OVERHEAD_MILLIS = 5;
    private static final int COLD = 5;

    /** Warm is a process that has gathered so often before, without the delay: all of the way is compiled then. */
    private static final int WARM_UP = 500;

    private RelayGathering() {}

    /** The first gathering of fresh processes, of which nothing is promised, and many of one that is warm. */
    static List<Row> measure(int times) throws IOException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob");
                PeerProcess peer = PeerProcess.start(internet.namespace(Network.Side.A))) {
            gather(internet, peer, WARM_UP);
            internet.delay("edge", RTT_MILLIS); // one way; nothing the other way
            return List.of(
                    Row.of("cold, " + NAME + ": relayed candidate", cold(internet), 0),
                    Row.of(
                            NAME + ": relayed candidate",
                            gather(internet, peer, times),
                            2 * RTT_MILLIS + OVERHEAD_MILLIS));
        }
    }

    private static long[] cold(LabInternet internet) throws IOException {
        long[] nanos = new long[COLD];
        for (int i = 0; i < COLD; i++) {
            try (PeerProcess fresh = PeerProcess.start(internet.namespace(Network.Side.A))) {
                nanos[i] = gather(internet, fresh, 1)[0];
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static long[] gather(LabInternet internet, PeerProcess peer, int times) throws IOException {
        String command = "gather turn:" + internet.server(Network.Side.A) + " "
                + internet.credentials().replace(':', ' ');
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            nanos[i] = Long.parseLong(peer.ask(command, "gathered")[0]);
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
