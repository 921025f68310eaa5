// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.sansio.Base;

/** Where one machine accepts connections. Everything here on the event loop. */
final class Ports {

    private final List<StreamListener> listening = new ArrayList<>();
    private final Map<Base, StreamListener> byBase = new HashMap<>(2);

    void add(StreamListener listener) {
        listening.add(listener);
    }

    /** Gives a port that was added a base that stands for it. */
    void name(Base port, StreamListener listener) {
        byBase.put(port, listener);
    }

    /** Gives the port of a base up; its connections stay. Of no effect when there is none. */
    void close(Base base) {
        StreamListener port = byBase.remove(base);
        if (port != null) {
            listening.remove(port);
            port.close();
        }
    }

    void closeAll() {
        listening.forEach(StreamListener::close);
    }
}
