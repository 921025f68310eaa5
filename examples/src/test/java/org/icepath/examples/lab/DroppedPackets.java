// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel has dropped within a network of the lab, since it came up, because somebody did not take it in time: at full sockets and
 * at full queues of interfaces. On a busy machine that is where packets get lost, whatever the programs do.
 */
final class DroppedPackets {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DroppedPackets() {}

    /**
     * Counts.
     *
     * @return such as {@code edge: sockets 39, q-eth0 12}; empty when nothing was dropped
     */
    static String in(LabInternet internet, String... nodes) {
        List<String> found = new ArrayList<>();
        for (String node : nodes) {
            List<String> places = new ArrayList<>();
            long sockets = atSockets(internet.namespace(node));
            if (sockets > 0) {
                places.add("sockets " + sockets);
            }
            places.addAll(atInterfaces(internet.namespace(node)));
            if (!places.isEmpty()) {
                found.add(node + ": " + String.join(", ", places));
            }
        }
        return String.join("; ", found);
    }

    /** RcvbufErrors of UDP: what came for a socket that was full. */
    private static long atSockets(String namespace) {
        String snmp = Command.of("ip", "netns", "exec", namespace, "cat", "/proc/net/snmp")
                .output();
        List<String[]> udp = snmp.lines()
                .filter(line -> line.startsWith("Udp: "))
                .map(line -> line.split(" ", -1))
                .toList();
        int column = List.of(udp.get(0)).indexOf("RcvbufErrors");
        return Long.parseLong(udp.get(1)[column]);
    }

    private static List<String> atInterfaces(String namespace) {
        List<String> places = new ArrayList<>();
        for (JsonNode link : read(
                Command.of("ip", "-n", namespace, "-s", "-j", "link", "show").output())) {
            long dropped = link.at("/stats64/tx/dropped").asLong()
                    + link.at("/stats64/rx/dropped").asLong();
            if (dropped > 0) {
                places.add(link.path("ifname").asText() + " " + dropped);
            }
        }
        return places;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }
}
