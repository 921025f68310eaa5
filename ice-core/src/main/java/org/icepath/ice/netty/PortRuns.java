// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.ThreadLocalRandom;
import org.icepath.ice.StreamConfig;

/**
 * The runs of consecutive ports that the components of a stream may have: RTP an even port, RTCP the odd one above (RFC 3550 §11).
 * Tried from a random one upwards, and round. Not thread-safe.
 */
final class PortRuns {

    // Every run that is taken costs system calls; a range that is full should not cost 50,000 of them.
    private static final int MOST_TRIES = 256;

    private final StreamConfig stream;
    private final int first;
    private final int step;
    private final int count;
    private final int start;
    private int tried;
    private String lastFailure = "";

    PortRuns(StreamConfig stream) {
        this.stream = stream;
        int length = stream.components().size();
        this.first = stream.lowestPort() + (stream.lowestPort() & 1);
        this.step = length + (length & 1);
        int lastFirst = stream.highestPort() - length + 1;
        this.count = lastFirst < first ? 0 : (lastFirst - first) / step + 1;
        this.start = count == 0 ? 0 : ThreadLocalRandom.current().nextInt(count);
    }

    boolean hasNext() {
        return tried < Math.min(count, MOST_TRIES);
    }

    /** The port of the first component. */
    int next() {
        return first + step * ((start + tried++) % count);
    }

    /** Says why the run that came last cannot be had. */
    void failed(String why) {
        lastFailure = why;
    }

    /** Why there is no next. */
    String exhausted() {
        String range = stream.lowestPort() + " to " + stream.highestPort();
        return count == 0
                ? "the port range " + range + " has no even port with enough ports after it"
                : "no run of ports in the range " + range + " could be bound, " + tried + " tried: " + lastFailure;
    }
}
