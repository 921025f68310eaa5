// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.net.InetAddress;

/** Pairs of agents of one implementation in this process, each agent with one component and one host candidate. */
interface Crowd extends AutoCloseable {

    /** Opens {@code pairs} pairs more, and gathers. */
    void open(int pairs) throws Exception;

    /** Connects all that are open; returns when both sides of every pair have selected. */
    void connect() throws Exception;

    /** Ends all pairs. */
    @Override
    void close();

    /** A crowd of the implementation of this name, on an address of this machine. */
    static Crowd of(String implementation, InetAddress address) {
        return switch (implementation) {
            case "icepath" -> new IcepathCrowd(address);
            case "ice4j" -> new Ice4jCrowd();
            default -> throw new IllegalArgumentException(implementation);
        };
    }
}
