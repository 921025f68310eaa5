// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The monitors that come along: what they leave with the executor that they are given. */
class NetworkMonitorTest {

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void pollingLooksAgainAndAgainUntilItsWatchEnds() {
        executor.setRemoveOnCancelPolicy(true);

        NetworkMonitor.Watch watch = NetworkMonitor.polling(Duration.ofHours(1)).watch(executor, () -> {});

        assertThat(executor.getQueue()).hasSize(1);
        watch.end();
        watch.end();
        assertThat(executor.getQueue()).isEmpty();
    }

    @Test
    void anIntervalThatWouldKeepAThreadBusyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkMonitor.polling(Duration.ofMillis(9)))
                .withMessageContaining("PT0.009S");
    }

    @Test
    void noneLooksNever() {
        NetworkMonitor.Watch watch = NetworkMonitor.none().watch(executor, () -> {
            throw new AssertionError("it looked");
        });

        assertThat(executor.getQueue()).isEmpty();
        assertThat(executor.getCompletedTaskCount()).isZero();
        watch.end();
    }
}
