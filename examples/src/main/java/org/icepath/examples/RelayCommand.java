// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.icepath.candidate.CandidateAddress;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.TlsSettings;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the embedded STUN and TURN server, for the tests of others. */
@Command(
        name = "relay",
        description = "Runs a STUN and TURN server for tests, over UDP, TCP and TLS, until its input ends.",
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {"0:Its input has ended.", "1:It cannot listen where it should.", "2:The command line is wrong."
        },
        mixinStandardHelpOptions = true)
final class RelayCommand implements Callable<Integer> {

    private static final int TLS_PORT = 5_349; // RFC 8656 §5
    private static final int MOST_PORTS = 20;

    private final InputStream typed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--address",
            paramLabel = "IP",
            converter = IpLiteral.class,
            description = "Where it listens and relays, 127.0.0.1 if absent; twice for both families.")
    private List<InetAddress> addresses = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortNumber.class,
            description = "Of UDP and TCP, 3478 if absent; 0 for any.")
    private int port = 3_478;

    @Option(
            names = "--tls-port",
            paramLabel = "PORT",
            converter = PortNumber.class,
            description = "Of TLS, 5349 if absent; 0 for any.")
    private @Nullable Integer tlsPort;

    @Option(names = "--certificate", paramLabel = "FILE", description = "The chain of its certificate, for TLS. PEM.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The key of its certificate, for TLS. PEM, PKCS #8.")
    private @Nullable Path key;

    @Option(
            names = "--user",
            paramLabel = "NAME:PASSWORD",
            required = true,
            description = "Who may allocate; may be repeated.")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--realm",
            paramLabel = "NAME",
            description = "The realm it asks users to prove themselves in: icepath.test if absent, with --ms"
                    + " \"rtcmedia\" in quotation marks towards clients of MS-TURN.")
    private @Nullable String realm;

    @ArgGroup(exclusive = false)
    private @Nullable EdgeOptions edge;

    /** A relay that runs until standard input ends. */
    RelayCommand() {
        this(System.in);
    }

    RelayCommand(InputStream typed) {
        this.typed = typed;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (EdgeServer server = start(out)) {
            listen(out, server);
            while (typed.read() >= 0) {
                continue; // whatever is typed, it runs until the input ends
            }
            return CommandLine.ExitCode.OK;
        } catch (UncheckedIOException e) {
            Throwable cause = e.getCause();
            spec.commandLine().getErr().println(cause == null ? e.getMessage() : cause.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Starts over UDP and TCP. Where any port will do, another program may have the TCP one of it: then another pair is tried. */
    private EdgeServer start(PrintWriter out) {
        for (int left = port == 0 ? MOST_PORTS : 1; ; left--) {
            EdgeServer server = EdgeServer.start(
                    config(), port, listening(), event -> println(out, event.toString()), connections());
            try {
                listenOverTcp(server, server.address().getPort());
                return server;
            } catch (UncheckedIOException e) {
                server.close();
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    private void listenOverTcp(EdgeServer server, int bound) {
        if (edge != null) {
            server.listenInMs(false, bound);
        } else {
            server.listen(Transport.TCP, bound);
        }
    }

    private void listen(PrintWriter out, EdgeServer server) {
        int bound = server.address().getPort();
        EdgeOptions inMs = edge;
        if (inMs != null) {
            int greeting = server.listenInMs(true, inMs.pseudoTlsPort()).getPort();
            server.addresses()
                    .forEach(address ->
                            println(out, "listening on " + text(address.getAddress(), greeting) + " over pseudo-TLS"));
        }
        for (InetSocketAddress address : server.addresses()) {
            println(out, "listening on " + text(address.getAddress(), bound) + " over UDP and TCP");
        }
        if (certificate != null) {
            int secure = server.listen(Transport.TLS, tlsPort == null ? TLS_PORT : tlsPort)
                    .getPort();
            server.addresses()
                    .forEach(address ->
                            println(out, "listening on " + text(address.getAddress(), secure) + " over TLS"));
        }
    }

    private static String text(InetAddress address, int at) {
        return CandidateAddress.of(new InetSocketAddress(address, at)).toString();
    }

    private static synchronized void println(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    EdgeConfig config() {
        String asked = realm;
        EdgeConfig config = EdgeConfig.create().withRealm(asked == null ? "icepath.test" : asked);
        for (String user : users) {
            String[] parts = user.split(":", 2);
            if (parts.length < 2 || parts[0].isEmpty()) {
                throw new IllegalArgumentException("--user is not NAME:PASSWORD");
            }
            config = config.user(parts[0], parts[1]);
        }
        EdgeOptions inMs = edge;
        return inMs == null ? config : config.withMs(inMs.config(config.users(), Optional.ofNullable(asked)));
    }

    private List<InetAddress> listening() {
        return addresses.isEmpty() ? List.of(new IpLiteral().convert("127.0.0.1")) : addresses;
    }

    private ConnectionSettings connections() {
        Path chainFile = certificate;
        Path keyFile = key;
        if (chainFile == null && keyFile == null) {
            if (tlsPort != null) {
                throw new IllegalArgumentException("--tls-port without --certificate and --key");
            }
            return ConnectionSettings.create();
        }
        if (chainFile == null || keyFile == null) {
            throw new IllegalArgumentException("--certificate and --key go together");
        }
        try (InputStream chain = Files.newInputStream(chainFile);
                InputStream secret = Files.newInputStream(keyFile)) {
            return ConnectionSettings.create().withTls(TlsSettings.create().identity(chain, secret));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--certificate " + chainFile + " or --key " + keyFile + " cannot be read: " + e, e);
        }
    }
}
