// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.testkit.topology.Topology;
import org.icepath.turn.TurnServer;

/** What the phones of a random call are set to. */
final class RandomConfig {

    private RandomConfig() {}

    /** What both sides have in common: streams, trickling or not, renomination or not. */
    static IceConfig common(long seed, Random random, boolean oneStream) {
        int streams = oneStream ? 1 : 1 + random.nextInt(10) / 8;
        IceConfig config = IceConfig.create();
        for (int i = 0; i < streams; i++) {
            int components = 1 + random.nextInt(10) / 7;
            List<Integer> ids = components == 1 ? List.of(1) : List.of(1, 2);
            config = config.stream(new StreamConfig("stream" + i, ids, 0, 0, 0, false));
        }
        // time enough to try everything: what is best is then a question of ranking, not of luck
        config = config.timings(config.timings().withNominationPatience(Duration.ofSeconds(10)));
        config = new Random(seed).nextInt(3) == 0 ? config.renomination() : config;
        return random.nextBoolean() ? config.trickle() : config.gatherDeadline(Duration.ofSeconds(20));
    }

    /** One side's: the servers that it knows, and its own Ta. */
    static IceConfig of(IceConfig common, Random random, Topology.Side side) {
        IceConfig config = common;
        for (String server : side.stunServers()) {
            config = config.stunServer(authority(server));
        }
        for (String server : side.turnServers()) {
            config = config.turnServer(
                    TurnServer.parse("turn:" + authority(server)).credentials("alice", "secret"));
        }
        return config.ta(Duration.ofMillis(List.of(5, 20, 50).get(random.nextInt(3))));
    }

    private static String authority(String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return host + ":" + Topology.SERVER_PORT;
    }
}
