// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The embedded server as a program: asked by {@code gather} while it waits for the end of its input. */
class RelayCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path files = Path.of("");

    private Path certificate = files;
    private Path key = files;

    @BeforeEach
    void writeTheCertificate() throws IOException {
        certificate = copy("loopback.pem");
        key = copy("loopback-key.pem");
    }

    private Path copy(String name) throws IOException {
        Path copy = files.resolve(name);
        try (InputStream pem = LoopbackIdentity.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(pem, name), copy);
        }
        return copy;
    }

    /** What is typed while the server runs: nothing, but something is done before the input ends. */
    private static final class Meanwhile extends InputStream {
        private final Runnable deed;

        Meanwhile(Runnable deed) {
            this.deed = deed;
        }

        @Override
        public int read() {
            deed.run();
            return -1;
        }
    }

    private int relay(Runnable meanwhile, String... arguments) {
        return execute(new CommandLine(new RelayCommand(new Meanwhile(meanwhile))), out, arguments);
    }

    private int execute(CommandLine command, StringWriter to, String... arguments) {
        return command.setOut(new PrintWriter(to))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }

    private String portOf(String transports) {
        Matcher said = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+) over " + transports)
                .matcher(out.toString());
        assertThat(said.find()).as(out.toString()).isTrue();
        return said.group(1);
    }

    private String gather(String... options) {
        StringWriter gathered = new StringWriter();
        String[] fixed = {"gather", "--address", "127.0.0.1", "--wait", "60"};
        String[] all = new String[fixed.length + options.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(options, 0, all, fixed.length, options.length);
        assertThat(execute(Main.commandLine(all), gathered, all))
                .as(errors.toString())
                .isZero();
        return gathered.toString();
    }

    @Test
    void itRelaysOverUdpAndTcpUntilItsInputEnds() {
        int status = relay(
                () -> {
                    String at = "127.0.0.1:" + portOf("UDP and TCP");
                    assertThat(gather("--turn", at + ":alice:secret:udp")).contains("relayed  ");
                    assertThat(gather("--turn", at + ":alice:secret:tcp")).contains("relayed  ");
                },
                "--port",
                "0",
                "--user",
                "alice:secret");

        assertThat(status).as(errors.toString()).isZero();
    }

    @Test
    void withACertificateItRelaysOverTls() {
        int status = relay(
                () -> assertThat(gather(
                                "--turn",
                                "turns:127.0.0.1:" + portOf("TLS"),
                                "--user",
                                "alice",
                                "--password",
                                "secret",
                                "--tls-ca",
                                certificate.toString()))
                        .contains("relayed  "),
                "--port",
                "0",
                "--tls-port",
                "0",
                "--user",
                "alice:secret",
                "--certificate",
                certificate.toString(),
                "--key",
                key.toString());

        assertThat(status).as(errors.toString()).isZero();
    }

    // Over TCP an allocation is asked for where TCP candidates are, and is an active and a passive one
    @Test
    void withMsItIsAnEdgeOverUdpTcpAndPseudoTls() {
        int status = relay(
                () -> {
                    String edge = "ms:127.0.0.1:" + portOf("UDP and TCP") + ":alice:secret:";
                    String greeted = "ms:127.0.0.1:" + portOf("pseudo-TLS") + ":alice:secret:pseudo-tls";
                    assertThat(gather("--turn", edge + "udp")).containsPattern("relayed +UDP");
                    assertThat(gather("--tcp", "on", "--turn", edge + "tcp"))
                            .containsPattern("relayed +TCP active")
                            .containsPattern("relayed +TCP passive");
                    assertThat(gather("--tcp", "on", "--turn", greeted)).containsPattern("relayed +TCP passive");
                },
                "--ms",
                "--port",
                "0",
                "--pseudo-tls-port",
                "0",
                "--user",
                "alice:secret");

        assertThat(status).as(errors.toString()).isZero();
    }

    @Test
    void whatMakesNoSenseWithoutMsIsRefused() {
        refuses("--ms", "--port", "0", "--user", "a:b", "--ms-version", "3");
    }

    private void refuses(String complaint, String... arguments) {
        int status = relay(() -> {}, arguments);

        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(complaint).doesNotContain("\tat ");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        refuses(
                "nowhere.pem",
                "--port",
                "0",
                "--user",
                "a:b",
                "--certificate",
                files.resolve("nowhere.pem").toString(),
                "--key",
                key.toString());
    }

    @Test
    void aFileThatHoldsNoCertificateIsRefused() {
        refuses("Usage:", "--port", "0", "--user", "a:b", "--certificate", key.toString(), "--key", key.toString());
    }

    @Test
    void aTlsPortWithoutACertificateIsRefused() {
        refuses("--tls-port without", "--port", "0", "--user", "a:b", "--tls-port", "5349");
    }

    @Test
    void aPortThatIsTakenIsNamedWithoutAStackTrace() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int status = relay(
                    () -> {},
                    "--port",
                    "0",
                    "--user",
                    "a:b",
                    "--certificate",
                    certificate.toString(),
                    "--key",
                    key.toString(),
                    "--tls-port",
                    String.valueOf(taken.getLocalPort()));

            assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
            assertThat(errors.toString()).isNotBlank().doesNotContain("\tat ");
        }
    }
}
