// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.icepath.net.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamesTest {

    private final EventLoops loops = EventLoops.start(1);
    private final Names names = new Names(loops);

    @AfterEach
    void close() {
        names.close();
        loops.close();
    }

    @Test
    void literalsAreThereAtOnce() {
        assertThat(names.resolve("192.0.2.1")).isDone();
        assertThat(names.resolve("192.0.2.1").join().ipv4()).hasSize(1);
        assertThat(names.resolve("2001:db8::1").join().ipv6()).hasSize(1);
    }

    @Test
    void theHostsFileCounts() throws Exception {
        assertThat(names.resolve("localhost").get(30, SECONDS).isEmpty()).isFalse();
    }

    @Test
    void nothingIsLookedUpOnceClosed() {
        names.close();

        assertThat(names.resolve("icepath.invalid").join().problems()).containsExactly("the runtime is closed");
    }
}
