// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Optional;
import org.icepath.ice.SendResult;
import org.icepath.ice.agent.ActivePair;
import org.jspecify.annotations.Nullable;

/** Where one component of one peer sends now. Mutable; not thread-safe. */
final class PathState {

    private final int stream;
    private final String streamName;
    private final int component;
    private @Nullable ActivePair active;
    private SendResult whenAbsent = SendResult.NO_PATH;
    private boolean received;
    private boolean muxed;
    private boolean mixed;

    PathState(int stream, String streamName, int component) {
        this.stream = stream;
        this.streamName = streamName;
        this.component = component;
    }

    int stream() {
        return stream;
    }

    String streamName() {
        return streamName;
    }

    int component() {
        return component;
    }

    Optional<ActivePair> active() {
        return Optional.ofNullable(active);
    }

    SendResult whenAbsent() {
        return whenAbsent;
    }

    void use(ActivePair pair) {
        active = pair;
        whenAbsent = SendResult.NO_PATH;
    }

    void lose(SendResult answer) {
        active = null;
        whenAbsent = answer;
    }

    /** Whether this pair was in use, which it is no longer. */
    boolean consentLost(ActivePair pair) {
        boolean inUse = pair.equals(active);
        if (inUse) {
            lose(SendResult.NO_CONSENT);
        }
        return inUse;
    }

    /** Whether RTCP goes and comes with RTP, which this is the path of. */
    boolean muxed() {
        return muxed;
    }

    void mux() {
        muxed = true;
        mixed = true;
    }

    void unmux() {
        muxed = false;
    }

    /** Whether what comes may be RTCP: it has come with RTP, and its sender may learn later than we do that it is not to any more. */
    boolean mixed() {
        return mixed;
    }

    /** Whether a packet of the application's protocol has come. */
    boolean hasReceived() {
        return received;
    }

    /** Whether this is the first packet of the application's protocol. */
    boolean firstPacket() {
        boolean first = !received;
        received = true;
        return first;
    }
}
