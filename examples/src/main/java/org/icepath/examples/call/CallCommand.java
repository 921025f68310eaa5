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
        footer = {
            "",
            "Exit status: 0 when every packet arrived exactly once, else 1; failover: 0 when none came twice and no",
            "silence was longer than 6 s. With ms-ice2 and mixed also 1 without a final offer of what is selected;",
            "1 as well when --report-html cannot be written, and 2 for a wrong command line."
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
            paramLabel = "lan|home|enterprise|no-path|restart|vpn|failover|hold|no-ice|fork",
            converter = ScenarioName.class,
            description = "What stands between the phones; home if absent, with --profile mixed lan.")
    private @Nullable Scenario scenario;

    @Option(names = "--pps", paramLabel = "N", description = "RTP packets a second, each way, 1 to 1000; 50 if absent.")
    private int packetsSecond = 50;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "How long they talk; 4 if absent.")
    private double duration = 4;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long the phones try before they give up; 39.5 if absent (RFC 8863).")
    private double patience = 39.5;

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
        } catch (IOException | ExecutionException | TimeoutException e) {
            spec.commandLine().getErr().println("  The call broke off: " + e);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** What the process ends with, as the footer of the usage text tells it. */
    static int status(Scenario scenario, CallOutcome outcome) {
        boolean asItShould = scenario.shuts() ? outcome.survived() : outcome.clean();
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
            return new CallPlan(
                    scenario(),
                    packetsSecond,
                    ANSWERED,
                    OPENED,
                    seconds("--duration", duration, 86_400),
                    seconds("--patience", patience, 3_600),
                    renomination,
                    profile);
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

    private static Duration seconds(String option, double number, int most) {
        if (!(number >= 0 && number <= most)) { // so that NaN is refused, too
            throw new IllegalArgumentException(option + " " + number + ", expected 0 to " + most + " seconds");
        }
        return Duration.ofMillis(Math.round(number * 1000));
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
            throw new TypeConversionException("'" + value + "' is none of "
                    + Arrays.stream(Scenario.values()).map(Scenario::toString).collect(Collectors.joining(", ")));
        }
    }
}
