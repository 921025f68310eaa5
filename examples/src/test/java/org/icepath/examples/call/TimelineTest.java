// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private final StringWriter said = new StringWriter();
    private final Timeline timeline = new Timeline(new PrintWriter(said));

    // Phones speak on event loops of their own
    @Test
    void timesStandInTheirOrderWhoeverSpeaks() {
        IntStream.range(0, 20_000).parallel().forEach(each -> timeline.say("alice", "says"));

        List<Double> times = said.toString()
                .lines()
                .map(line -> Double.valueOf(line.substring(0, 10).trim()))
                .toList();
        assertThat(times).hasSize(20_000).isSorted();
    }

    @Test
    void whatIsSaidStandsBelowWhatOthersSay() {
        timeline.say("between", "joins");
        timeline.say("bob", "rings");
        timeline.say("", "it rains");

        List<String> lines = said.toString().lines().toList();
        assertThat(lines.get(0).indexOf("joins"))
                .isEqualTo(lines.get(1).indexOf("rings"))
                .isEqualTo(lines.get(2).indexOf("it rains"));
    }
}
