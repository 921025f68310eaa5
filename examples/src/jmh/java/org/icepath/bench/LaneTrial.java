// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * One lane in a process of its own: {@code WAY}. For each line that it reads, a number of packets, it sends them and prints what one of
 * them cost, in nanoseconds and allocated bytes.
 */
public final class LaneTrial {

    private LaneTrial() {}

    public static void main(String[] arguments) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Lane lane = Way.valueOf(arguments[0]).open(group)) {
            Traffic traffic = new Traffic(lane);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Score score = traffic.round(Integer.parseInt(line));
                System.out.println(score.nanos() + " " + score.bytes());
            }
        }
        System.exit(0); // whatever else still has a thread
    }
}
