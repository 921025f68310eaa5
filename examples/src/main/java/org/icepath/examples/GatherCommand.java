// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.explain.CandidateExplainer;
import org.icepath.sdp.explain.Finding;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the candidates that this machine gets, and why the missing ones are missing. */
@Command(
        name = "gather",
        description = "Lists the candidates this machine gets from servers, and why others are missing.",
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:All that was asked for has come: host candidates, server-reflexive ones (or a STUN server"
                    + " has seen no NAT) where there is a STUN server, relayed ones where there is a TURN server.",
            "1:Some of it is missing; what, and why, is printed.",
            "2:The command line is wrong."
        },
        mixinStandardHelpOptions = true)
final class GatherCommand implements Callable<Integer> {

    /** How a finding begins that names what has not come when the description is due. */
    private static final String AWAITED = "still waiting for ";

    /** Beyond what servers may take: gathering ends by then, or never. */
    private static final int GRACE_SECONDS = 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(
            names = "--address",
            paramLabel = "IP",
            converter = IpLiteral.class,
            description = "Gather on this address only; may be repeated.")
    private List<InetAddress> addresses = new ArrayList<>();

    @Option(
            names = "--tcp",
            paramLabel = TcpTypes.LABEL,
            arity = "0..1",
            converter = TcpTypes.Names.class,
            defaultValue = TcpTypes.OFF,
            fallbackValue = TcpTypes.ON,
            description = "Gather TCP candidates, too (RFC 6544): active and passive ones, or those that are named.")
    private TcpTypes tcp = new TcpTypes(List.of());

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            converter = Waiting.class,
            description = "How long servers may take, at most 60; 10 if absent.")
    private Duration wait = Duration.ofSeconds(10);

    @Override
    public Integer call() throws InterruptedException {
        IceConfig config = config();
        long begun = System.nanoTime();
        try (IceRuntime runtime = Icepath.start();
                IceSession session = runtime.open(config)) {
            try {
                IceDescription description = session.offer().get(wait.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                return print(description, report(session), took);
            } catch (ExecutionException e) {
                fail(e);
                PrintWriter errors = spec.commandLine().getErr();
                section(errors, "Missing", missing(report(session)));
                errors.flush();
            }
        } catch (ExecutionException e) {
            fail(e);
        } catch (TimeoutException e) {
            spec.commandLine().getErr().println("gathering did not end");
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static IceReport report(IceSession session)
            throws InterruptedException, ExecutionException, TimeoutException {
        return session.report().get(GRACE_SECONDS, TimeUnit.SECONDS);
    }

    private void fail(ExecutionException failure) {
        spec.commandLine().getErr().println("gathering failed: " + FailureText.of(failure));
    }

    private IceConfig config() {
        try {
            IceConfig config = servers.portPairs()
                    ? IceConfig.create().stream("audio", Candidate.RTP, Candidate.RTCP)
                    : IceConfig.create().stream("audio", Candidate.RTP).rtcpMux("audio");
            config = config.gatherDeadline(wait);
            config = servers.applyTo(tcp.applyTo(config));
            for (InetAddress address : addresses) {
                config = config.localAddress(address);
            }
            return config;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int print(IceDescription description, IceReport report, Duration took) {
        PrintWriter out = spec.commandLine().getOut();
        List<Candidate> candidates = description.streams().get(0).candidates();
        String noun = candidates.size() == 1 ? "candidate" : "candidates";
        out.printf(Locale.ROOT, "%d %s after %.2f s%n%n", candidates.size(), noun, took.toNanos() / 1e9);
        candidates.forEach(candidate -> out.println("  " + component(candidate) + line(candidate)));
        section(out, "Missing", missing(report));
        section(
                out,
                "Not needed",
                entries(report, AskedCandidates::isNotNeeded)
                        .map(GatherCommand::line)
                        .toList());
        section(
                out,
                "Worth knowing",
                CandidateExplainer.explain(description).stream()
                        .map(Finding::text)
                        .toList());
        out.flush();
        return asked().haveCome(candidates, report) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private AskedCandidates asked() {
        List<CandidateType> types = new ArrayList<>(List.of(CandidateType.HOST));
        if (servers.asksStun()) {
            types.add(CandidateType.SERVER_REFLEXIVE);
        }
        if (servers.asksTurn()) {
            types.add(CandidateType.RELAYED);
        }
        List<Integer> components =
                servers.portPairs() ? List.of(Candidate.RTP, Candidate.RTCP) : List.of(Candidate.RTP);
        return new AskedCandidates(addresses, types, components);
    }

    /** What did not come, and what did not come in time: a silent server is given up only after 39.5 s. */
    private static List<String> missing(IceReport report) {
        List<String> lines = new ArrayList<>();
        entries(report, entry -> !AskedCandidates.isNotNeeded(entry)).forEach(entry -> lines.add(line(entry)));
        report.findings().stream()
                .filter(finding -> finding.startsWith(AWAITED))
                .forEach(lines::add);
        return lines;
    }

    /** What is asked for of those that are not among the candidates. */
    private static Stream<IceReport.CandidateEntry> entries(
            IceReport report, Predicate<IceReport.CandidateEntry> which) {
        return report.candidates().stream()
                .filter(entry -> entry.ours() && entry.outcome().startsWith("missing"))
                .filter(which);
    }

    private static void section(PrintWriter out, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.printf("%n%s%n%n", title);
            lines.forEach(line -> out.println("  " + line));
        }
    }

    /** Said where there are two. */
    private String component(Candidate candidate) {
        return servers.portPairs() ? "%-5s".formatted(candidate.component() == Candidate.RTP ? "RTP" : "RTCP") : "";
    }

    private static String line(Candidate candidate) {
        String from = candidate.relatedAddress().map(base -> "  from " + base).orElse("");
        return "%-17s %s %-26s priority %10d%s"
                .formatted(
                        AskedCandidates.name(candidate.type()),
                        candidate.transport(),
                        candidate.address(),
                        candidate.priority(),
                        from);
    }

    private static String line(IceReport.CandidateEntry entry) {
        String why = entry.outcome().replaceFirst("^missing:? *(not needed: )?", "");
        return entry.what() + ": " + why;
    }
}
