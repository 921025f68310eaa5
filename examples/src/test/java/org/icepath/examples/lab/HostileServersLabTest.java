// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that say nothing, or what they should not, in a process of their own; a class apart, since it waits. */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(LabExtension.class)
class HostileServersLabTest {

    // The transactions of those that say nothing take 39.5 s (RFC 8489 §6.2.1); everything at a time.
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void hostileServersEndInTimeAndLeaveNothing() {
        String output = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileProbe.class.getName())
                .within(Duration.ofMinutes(2))
                .output();

        assertThat(output.lines())
                .containsExactly(
                        "silence: TIMED_OUT in time",
                        "garbage: TIMED_OUT in time",
                        "no integrity: TIMED_OUT in time",
                        "another's answer: TIMED_OUT in time",
                        "long nonces: UNAUTHORIZED in time",
                        "endless redirects: REDIRECT in time",
                        "silent stream: TIMED_OUT in time",
                        "length of 65535: TIMED_OUT in time",
                        "half a handshake: TIMED_OUT in time",
                        "silent DTLS: TIMED_OUT in time",
                        "sockets left: 0",
                        "timers left: 0",
                        "direct memory in use: 0");
    }
}
