// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.util.concurrent.ThreadLocalRandom;

/** The ports of a range in the order in which they are tried: from a random one upwards, and round. */
final class PortSearch {

    // Every port that is taken costs a system call; a range that is full should not cost 50,000 of them.
    private static final int MOST_TRIES = 256;

    private final int first;
    private final int step;
    private final int count;
    private final int start;
    private int tried;

    PortSearch(UdpSocketOptions options) {
        int lowest = options.firstPort();
        this.step = options.parity() == PortParity.ANY ? 1 : 2;
        this.first = options.parity().accepts(lowest) ? lowest : lowest + 1;
        this.count = first > options.lastPort() ? 0 : (options.lastPort() - first) / step + 1;
        if (count == 0) {
            throw new IllegalArgumentException(
                    "no " + options.parity() + " port in " + options.firstPort() + "-" + options.lastPort());
        }
        this.start = ThreadLocalRandom.current().nextInt(count);
    }

    boolean hasNext() {
        return tried < Math.min(count, MOST_TRIES);
    }

    int next() {
        return first + step * ((start + tried++) % count);
    }
}
