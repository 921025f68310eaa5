// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class CallCommandTest {

    private static final Pattern SPOKEN = Pattern.compile("alice → bob +(\\d+)");

    private final StringWriter said = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int call(String... arguments) {
        return new CommandLine(new CallCommand())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }

    @Test
    void theStoryOfACallIsWrittenAsAPage(@TempDir Path folder) throws Exception {
        Path page = folder.resolve("call.html");

        int status = call("--scenario", "lan", "--duration", "0.3", "--report-html", page.toString());

        assertThat(status).as(said::toString).isZero();
        assertThat(page).as(said::toString).isRegularFile();
        assertThat(Files.readString(page))
                .startsWith("<!DOCTYPE html>")
                .contains("Connected: audio/1 directly", "gathering is complete");
    }

    // A slow machine says less, never more: far fewer packets than the 50 a second of who asks for nothing
    @Test
    void theyTalkAsFastAsIsAsked(@TempDir Path folder) {
        Path nowhere = folder.resolve("no/such/folder/call.html");
        long begun = System.nanoTime();

        int status = call("--scenario", "lan", "--pps", "5", "--duration", "0.3", "--report-html", nowhere.toString());

        double seconds = (System.nanoTime() - begun) / 1e9;
        Matcher spoken = SPOKEN.matcher(said.toString());
        assertThat(said.toString()).contains("5 packets a second each way");
        assertThat(spoken.find()).as(said::toString).isTrue();
        assertThat(Long.parseLong(spoken.group(1))).isPositive().isLessThanOrEqualTo((long) (5 * seconds) + 1);
        // every packet came, but the page is not there
        assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(errors.toString()).contains("--report-html " + nowhere + " cannot be written");
    }

    @Test
    void aCallWithoutAPathEndsWithStatusOne() {
        int status = call("--scenario", "no-path", "--patience", "0.5");

        assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(said.toString()).contains("No call. ");
        assertThat(errors.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void aWholeCallEndsWithStatusZero(Scenario scenario) {
        assertThat(CallCommand.status(scenario, Outcomes.whole())).isZero();
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void noVoiceAPacketTwiceOrNoFinalExchangeEndWithStatusOne(Scenario scenario) {
        assertThat(CallCommand.status(scenario, Outcomes.silent())).isOne();
        assertThat(CallCommand.status(scenario, Outcomes.of(Outcomes.alice(10, 1, 20))))
                .isOne();
        assertThat(CallCommand.status(scenario, Outcomes.disagreed())).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            value = Scenario.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FAILOVER", "OUTAGE"})
    void aLostPacketEndsWithStatusOne(Scenario scenario) {
        assertThat(CallCommand.status(scenario, Outcomes.of(Outcomes.alice(9, 0, 20))))
                .isOne();
        assertThat(CallCommand.status(scenario, Outcomes.of(Outcomes.alice(10, 0, 6_001))))
                .isZero();
    }

    @Test
    void aPathThatIsCutMayLosePacketsButNotSixSeconds() {
        assertThat(CallCommand.status(Scenario.FAILOVER, Outcomes.of(Outcomes.alice(4, 0, 6_000))))
                .isZero();
        assertThat(CallCommand.status(Scenario.FAILOVER, Outcomes.of(Outcomes.alice(10, 0, 6_001))))
                .isOne();
    }
}
