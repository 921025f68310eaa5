// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.testkit.topology.Topology;
import org.icepath.turn.TurnServer;

/** What the phones of a random call are set to: a third of them to what an application gets that sets no intervals. */
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
        boolean usual = isUsual(seed);
        if (!usual) {
            // time enough to try everything: what is best is then a question of ranking, not of luck
            config = config.timings(config.timings().withNominationPatience(Duration.ofSeconds(10)));
        }
        config = new Random(seed).nextInt(3) == 0 ? config.renomination() : config;
        boolean trickles = random.nextBoolean();
        return trickles ? config.trickle() : usual ? config : config.gatherDeadline(Duration.ofSeconds(20));
    }

    /** Whether both sides have the default nomination patience and gathering deadline: what they miss at first they must find later. */
    static boolean isUsual(long seed) {
        return new Random(~seed).nextInt(3) == 0;
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
