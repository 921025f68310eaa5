// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.icepath.Icepath;
import org.icepath.candidate.TcpType;
import org.icepath.examples.ExitStatus;
import org.icepath.examples.FailureText;
import org.icepath.examples.IpLiteral;
import org.icepath.examples.Patience;
import org.icepath.examples.ProfileOption;
import org.icepath.examples.ServerOptions;
import org.icepath.examples.TcpTypes;
import org.icepath.examples.Waiting;
import org.icepath.examples.WholeNumber;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.netty.NettyIceRuntime;
import org.icepath.ice.netty.RuntimeConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** One agent that reads and writes lines of JSON. */
@Command(
        name = "peer",
        description = "One ICE agent that reads and writes lines of JSON, to meet any other implementation.",
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:Its input has ended, or said close.",
            "1:It could not begin: an error line says why, also where the command line is wrong."
        },
        mixinStandardHelpOptions = true)
public final class PeerCommand implements Callable<Integer> {

    private final InputStream commands;
    private final PrintStream events;

    @Option(names = "--controlling", description = "Take the controlling role.")
    private boolean controlling;

    @Option(names = "--controlled", description = "Take the controlled role.")
    private boolean controlled;

    @Option(
            names = "--components",
            paramLabel = "N",
            converter = Components.class,
            description = "Components of the one stream, 1 to 256; 1 if absent.")
    private int components = 1;

    @Option(
            names = "--address",
            paramLabel = "IP",
            converter = IpLiteral.class,
            description = "Gather on this address only; may be repeated.")
    private List<InetAddress> addresses = new ArrayList<>();

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            converter = Waiting.class,
            description =
                    "How long the description waits for servers, at most 60; 3 if absent, not at all with --trickle.")
    private Duration wait = Duration.ofSeconds(3);

    @Option(names = "--force-relay", description = "Use relayed candidates alone.")
    private boolean forceRelay;

    @Option(names = "--trickle", description = "Print the description at once and each candidate when it is found.")
    private boolean trickle;

    @Option(
            names = "--profile",
            paramLabel = "rfc|ms-ice2|auto",
            converter = ProfileOption.Name.class,
            description = "How this side speaks; rfc if absent. auto finds out how the other side does.")
    private ProfileOption profile = ProfileOption.RFC;

    @Option(names = "--lite", description = "Send no checks: answer those of the peer (RFC 8445 §2.5).")
    private boolean lite;

    @Option(names = "--echo", description = "Send back what arrives.")
    private boolean echo;

    @Option(
            names = "--renomination",
            description = "Offer renomination; the other side does, too, unless its line says \"renomination\":false.")
    private boolean renomination;

    @Option(names = "--udp", paramLabel = "on|off", description = "UDP candidates; on if absent.")
    private String udp = "on";

    @Option(
            names = "--tcp",
            paramLabel = TcpTypes.LABEL,
            converter = TcpTypes.Names.class,
            defaultValue = TcpTypes.OFF,
            description = "TCP candidates (RFC 6544); on means active and passive ones; off if absent.")
    private TcpTypes tcp = new TcpTypes(List.of());

    @Option(
            names = "--listen",
            paramLabel = "PORT",
            converter = Listening.class,
            description =
                    "Accept TCP connections at this port, such as 443, in place of any; one component alone, and with"
                            + " passive candidates (--tcp).")
    private int listen;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            converter = Patience.class,
            description = "How long to try before failing, at most an hour; 39.5 if absent (RFC 8863).")
    private @Nullable Duration patience;

    @Option(names = "--report", description = "Print the story of the session when it has failed or ends.")
    private boolean report;

    /** A peer that is driven over the standard streams. */
    public PeerCommand() {
        this(System.in, System.out);
    }

    PeerCommand(InputStream commands, PrintStream events) {
        this.commands = commands;
        this.events = events;
    }

    /** Answers a wrong command line with an {@code error} event and exit status 1. */
    public static int refuse(ParameterException problem) {
        PrintWriter out = problem.getCommandLine().getOut();
        out.println(JsonLines.event("error").put("message", String.valueOf(problem.getMessage())));
        out.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonLines out = new JsonLines(events);
        try {
            IceConfig config = config();
            try (IceRuntime runtime = start();
                    IceSession session = runtime.open(config)) {
                run(new LinePeer(session, settings(), out));
            }
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            out.error(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            Throwable cause = e.getCause();
            out.error(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
        } catch (TimeoutException e) {
            out.error("gathering did not end");
        } catch (ExecutionException e) {
            out.error(FailureText.of(e));
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private IceRuntime start() {
        if (listen == 0) {
            return Icepath.start();
        }
        InetAddress[] at = addresses.toArray(InetAddress[]::new);
        return NettyIceRuntime.start(RuntimeConfig.create().listeningPort(listen, at));
    }

    private void run(LinePeer peer) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        peer.describe();
        BufferedReader in = new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
        String line = in.readLine();
        while (line != null && (line.isBlank() || peer.handle(line))) {
            line = in.readLine();
        }
        peer.close();
    }

    private PeerSettings settings() {
        return new PeerSettings(
                components,
                role(),
                trickle,
                echo,
                renomination,
                report,
                profile.profile().sdp());
    }

    private Optional<IceRole> role() {
        if (controlling && controlled) {
            throw new IllegalArgumentException("--controlling and --controlled exclude each other");
        }
        if (!controlling && !controlled) {
            return Optional.empty();
        }
        return Optional.of(controlling ? IceRole.CONTROLLING : IceRole.CONTROLLED);
    }

    private IceConfig config() {
        if (!isOn("--udp", udp) && !tcp.any()) {
            throw new IllegalArgumentException("no candidates: --udp off and --tcp off");
        }
        if (listen != 0 && !tcp.types().contains(TcpType.PASSIVE)) {
            throw new IllegalArgumentException(
                    "--listen " + listen + " without passive candidates: --tcp on or passive");
        }
        if (servers.portPairs() && components < 2) {
            throw new IllegalArgumentException("--port-pairs without --components 2");
        }
        int[] numbers = IntStream.rangeClosed(1, components).toArray();
        IceConfig config = IceConfig.create().profile(profile.profile()).stream(LinePeer.STREAM, numbers);
        for (InetAddress address : addresses) {
            config = config.localAddress(address);
        }
        return withBehaviour(servers.applyTo(withTransports(config)));
    }

    private IceConfig withTransports(IceConfig config) {
        IceConfig changed = tcp.applyTo(config);
        return isOn("--udp", udp) ? changed : changed.tcpOnly();
    }

    private static boolean isOn(String option, String value) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException(option + " " + value + ", expected on or off");
        };
    }

    private IceConfig withBehaviour(IceConfig config) {
        IceConfig changed = trickle ? config.trickle() : config.gatherDeadline(wait);
        if (renomination) {
            changed = changed.renomination();
        }
        if (lite) {
            changed = changed.lite();
        }
        if (forceRelay) {
            changed = changed.relayOnly();
        }
        if (patience != null) {
            changed = changed.patience(patience);
        }
        Optional<IceRole> role = role();
        return role.isPresent() ? changed.role(role.get()) : changed;
    }

    /** As many as a stream may have (RFC 8839 §5.1). */
    static final class Components extends WholeNumber {

        Components() {
            super(1, 256);
        }
    }

    /** A port that others are told beforehand. */
    static final class Listening extends WholeNumber {

        Listening() {
            super(1, 65_535);
        }
    }
}
