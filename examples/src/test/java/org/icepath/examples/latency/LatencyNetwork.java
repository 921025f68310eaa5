// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.icepath.examples.lab.Command;
import org.icepath.examples.lab.LabInternet;
import org.icepath.examples.lab.Network;

/** Two hosts on one LAN of the network lab. Closing it removes it. */
final class LatencyNetwork implements AutoCloseable {

    static final String CALLER = "192.168.1.10";
    static final String CALLEE = "192.168.1.20";

    private static final int FIRST_FURTHER_CALLER = 101;
    private static final int FIRST_FURTHER_CALLEE = 201;

    private final LabInternet internet = LabInternet.up("lan", "alice", "bob");

    /** The namespace of a side. */
    String namespace(Network.Side side) {
        return internet.namespace(side);
    }

    /**
     * Makes the network as an experiment wants it. Packets are delayed where they leave the router, so that a capture on either host
     * sees what the host sends when it sends it.
     */
    void prepare(Experiment experiment) {
        for (String link : List.of("alice", "bob")) {
            internet.delay(link, experiment.roundTripMillis() / 2);
        }
        letThroughOnlyTheLast(Network.Side.A, CALLEE, CALLER, experiment);
        letThroughOnlyTheLast(Network.Side.B, CALLER, CALLEE, experiment);
    }

    /** The addresses of a side in an experiment, with commas; the one that works comes last. */
    static String addresses(Network.Side side, Experiment experiment) {
        boolean caller = side == Network.Side.A;
        return IntStream.rangeClosed(1, experiment.addresses())
                .mapToObj(number -> number == experiment.addresses()
                        ? caller ? CALLER : CALLEE
                        : further(caller ? FIRST_FURTHER_CALLER : FIRST_FURTHER_CALLEE, number))
                .collect(Collectors.joining(","));
    }

    private static String further(int first, int number) {
        return "192.168.1." + (first + number - 1);
    }

    private void letThroughOnlyTheLast(Network.Side side, String from, String to, Experiment experiment) {
        inside(side, "nft", "flush", "ruleset");
        for (String address : addresses(side, experiment).split(",", -1)) {
            inside(side, "ip", "addr", "replace", address + "/24", "dev", "eth0");
        }
        if (experiment.addresses() > 1) {
            inside(side, "nft", "add table ip dead");
            inside(side, "nft", "add chain ip dead in { type filter hook input priority 0; policy accept; }");
            inside(side, "nft", "add rule ip dead in meta l4proto udp ip saddr != " + from + " drop");
            inside(side, "nft", "add rule ip dead in meta l4proto udp ip daddr != " + to + " drop");
        }
    }

    private void inside(Network.Side side, String... words) {
        List<Object> all = new ArrayList<>(List.of("ip", "netns", "exec", internet.namespace(side)));
        all.addAll(List.of(words));
        Command.of(all.toArray()).output();
    }

    @Override
    public void close() {
        internet.close();
    }
}
