// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.icepath.sansio.Transport;
import org.icepath.turn.StunServer;
import org.icepath.turn.nat.NatDependence;
import org.icepath.turn.nat.NatReport;
import org.icepath.turn.nat.client.NatClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what the NATs and firewalls between this machine and a STUN server do. */
@Command(
        name = "nat",
        description = "Tells what the NATs and firewalls between this machine and a STUN server do (RFC 5780).",
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:The server has answered.",
            "1:It has not, or could not be asked.",
            "2:The command line is wrong."
        },
        mixinStandardHelpOptions = true)
final class NatCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Where the lifetimes lie that NATs are set to. */
    private static final List<Integer> SILENCES =
            List.of(10, 20, 28, 32, 45, 58, 62, 90, 115, 125, 150, 175, 185, 240, 295, 305, 600);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SERVER", description = "A STUN server with two addresses: stun:HOST[:PORT].")
    private String server = "";

    @Option(
            names = "--lifetime",
            paramLabel = "SECONDS",
            converter = Lifetime.class,
            description = "Find out how long a silent mapping lives, looking for so many seconds at most: 1 to 600."
                    + " Not done if absent.")
    private int lifetime;

    @Override
    public Integer call() throws InterruptedException {
        StunServer asked = server();
        List<Duration> silences = silences();
        try (NatClient client = NatClient.start()) {
            NatReport report = client.discover(asked, silences, event -> {})
                    .get(PATIENCE.plusSeconds(lifetime).toSeconds(), TimeUnit.SECONDS);
            print(report);
            return report.mapped().isPresent() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (ExecutionException e) {
            spec.commandLine().getErr().println("cannot ask " + asked + ": " + FailureText.of(e));
        } catch (TimeoutException e) {
            spec.commandLine().getErr().println("the tests did not end");
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private StunServer server() {
        try {
            StunServer parsed = StunServer.parse(server);
            if (parsed.transport() != Transport.UDP) {
                throw new IllegalArgumentException(server + " is not reached over UDP, which is what NATs differ in");
            }
            return parsed;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<Duration> silences() {
        return Stream.concat(SILENCES.stream().filter(each -> each < lifetime), Stream.of(lifetime))
                .filter(each -> each > 0)
                .map(Duration::ofSeconds)
                .toList();
    }

    private void print(NatReport report) {
        PrintWriter out = spec.commandLine().getOut();
        line(
                out,
                "server",
                text(report.server())
                        + report.other().map(other -> " and " + text(other)).orElse(""));
        line(out, "local", text(report.local()));
        line(out, "mapped", report.mapped().map(NatCommand::text).orElse("none: the server does not answer"));
        line(out, "mapping", text(report.mapping()));
        line(out, "filtering", text(report.filtering()));
        line(out, "hairpinning", lower(report.hairpinning()));
        if (lifetime > 0) {
            line(out, "lifetime", report.lifetime().toString());
        }
        line(out, "RFC 3489", report.legacyType().toString());
        out.flush();
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("%-12s %s%n", what, value);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static String text(NatDependence dependence) {
        return lower(dependence).replace(' ', '-');
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** As far as {@link #SILENCES} go. */
    static final class Lifetime extends WholeNumber {

        Lifetime() {
            super(1, SILENCES.get(SILENCES.size() - 1));
        }
    }
}
