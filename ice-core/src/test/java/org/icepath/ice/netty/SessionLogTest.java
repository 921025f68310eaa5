// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.icepath.ice.IceEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** What one session writes to the log. */
class SessionLogTest {

    private final Lines lines = new Lines();
    private final SessionLog log = new SessionLog(lines, "ice-1");

    /** Keeps what is written. */
    private static final class Lines extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1;

        private final transient List<String> written = new ArrayList<>();

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            written.add(level + " " + (thrown == null ? "" : thrown.getMessage()));
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }

    // a receiver that throws for each packet, 50 times a second
    @Test
    void aCallbackThatAlwaysThrowsDoesNotFillTheDisk() {
        for (int i = 1; i <= 1_000; i++) {
            log.callbackThrew(new IllegalStateException("packet " + i));
        }

        assertThat(lines.written)
                .isEqualTo(IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> "WARN packet " + i)
                        .toList());
    }

    @Test
    void whatTheApplicationHasToMendIsAWarning() {
        log.event(3, new IceEvent.Overruled("audio", "the nomination policy threw"));

        assertThat(lines.written).singleElement().asString().startsWith(Level.WARN.toString());
    }
}
