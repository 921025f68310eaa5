// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.icepath.examples.ExitStatus;
import org.icepath.examples.FailureText;
import org.icepath.examples.Patience;
import org.icepath.examples.Seconds;
import org.icepath.examples.WholeNumber;
import org.icepath.ice.IceReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Two softphones in one process call each other, and every packet is counted. */
@Command(
        name = "call",
        description = "Lets two softphones in this process call each other, and counts every packet.",
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:Every packet arrived exactly once; in failover and outage, none came twice and no silence was longer"
                    + " than 6 s and 20 s.",
            "1:Not so; there was no path; the final offer of ms-ice2 or mixed named other candidates than the selected"
                    + " ones; or --report-html could not be written.",
            "2:The command line is wrong."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class CallCommand implements Callable<Integer> {

    private static final Duration ANSWERED = Duration.ofSeconds(1);
    private static final Duration OPENED = Duration.ofMillis(1_300);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            converter = ScenarioName.class,
            description = "What stands between the phones, and what happens: lan, home, enterprise, no-path, restart,"
                    + " vpn, failover, outage, hold, no-ice or fork; home if absent, with --profile mixed lan.")
    private @Nullable Scenario scenario;

    @Option(
            names = "--pps",
            paramLabel = "N",
            converter = PacketsSecond.class,
            description = "RTP packets a second, each way, 1 to 1000; 50 if absent.")
    private int packetsSecond = 50;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            converter = Talk.class,
            description = "How long they talk, at most a day; 4 if absent.")
    private Duration duration = Duration.ofSeconds(4);

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            converter = Patience.class,
            description = "How long the phones try before they give up, at most an hour; 39.5 if absent (RFC 8863).")
    private Duration patience = Duration.ofMillis(39_500);

    @Option(
            names = "--renomination",
            description = "Lets the phones agree to nominate again: restart then needs no restart.")
    private boolean renomination;

    @Option(
            names = "--profile",
            paramLabel = "rfc|ms-ice2|auto|mixed",
            converter = CallProfile.Name.class,
            description =
                    "How the phones speak; rfc if absent. mixed: alice ms-ice2, bob rfc, on one LAN, joined by a third"
                            + " who finds out.")
    private CallProfile profile = CallProfile.RFC;

    @Option(
            names = "--report-html",
            paramLabel = "FILE",
            description = "Write alice's story there, as one page for a browser.")
    private @Nullable Path reportHtml;

    @Override
    public Integer call() throws InterruptedException {
        CallPlan plan = plan();
        Timeline timeline = new Timeline(spec.commandLine().getOut());
        CallText.before(plan).forEach(timeline::line);
        try {
            CallOutcome outcome = Call.run(plan, timeline);
            CallText.after(outcome).forEach(timeline::line);
            return written(outcome.report()) ? status(plan.scenario(), outcome) : CommandLine.ExitCode.SOFTWARE;
        } catch (ExecutionException e) {
            return brokeOff(FailureText.of(e));
        } catch (TimeoutException e) {
            return brokeOff("nothing happened for too long");
        } catch (IOException e) {
            return brokeOff(String.valueOf(e.getMessage()));
        }
    }

    private int brokeOff(String why) {
        spec.commandLine().getErr().println("  The call broke off: " + why);
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What the process ends with, as the usage text tells it. */
    static int status(Scenario scenario, CallOutcome outcome) {
        boolean asItShould = scenario.shuts() ? outcome.survived(scenario.longestSilence()) : outcome.clean();
        return asItShould ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Writes the page that is asked for; false, and said, where that cannot be. */
    private boolean written(IceReport report) {
        Path file = reportHtml;
        if (file == null) {
            return true;
        }
        try {
            Files.writeString(file, report.html());
            return true;
        } catch (IOException e) {
            spec.commandLine().getErr().println("  --report-html " + file + " cannot be written: " + e);
            return false;
        }
    }

    private CallPlan plan() {
        try {
            return new CallPlan(scenario(), packetsSecond, ANSWERED, OPENED, duration, patience, renomination, profile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Scenario scenario() {
        Scenario asked = scenario;
        if (profile != CallProfile.MIXED) {
            return asked == null ? Scenario.HOME : asked;
        }
        if (asked != null && asked != Scenario.LAN) {
            throw new IllegalArgumentException("--profile mixed is played on one LAN, not in --scenario " + asked);
        }
        return Scenario.LAN;
    }

    /** A voice has 50; beyond 1000 it is this machine that is measured. */
    static final class PacketsSecond extends WholeNumber {

        PacketsSecond() {
            super(1, 1_000);
        }
    }

    /** A day at most. */
    static final class Talk extends Seconds {

        Talk() {
            super(86_400);
        }
    }

    /** Reads a scenario as it is printed. */
    static final class ScenarioName implements ITypeConverter<Scenario> {

        @Override
        public Scenario convert(String value) {
            for (Scenario known : Scenario.values()) {
                if (known.toString().equals(value.toLowerCase(Locale.ROOT))) {
                    return known;
                }
            }
            throw new TypeConversionException("'" + value + "', expected one of "
                    + Arrays.stream(Scenario.values()).map(Scenario::toString).collect(Collectors.joining(", ")));
        }
    }
}
