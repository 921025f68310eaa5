// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A peer that cannot start prints {@code error} and ends with status 1; at the end of its input it ends with status 0. */
class PeerCommandTest {

    private final Lines printed = new Lines();

    private int run(String commands, String... arguments) {
        ByteArrayInputStream input = new ByteArrayInputStream(commands.getBytes(StandardCharsets.UTF_8));
        return new CommandLine(new PeerCommand(input, printed.stream())).execute(arguments);
    }

    @Test
    void aPortThatIsTakenIsAnError() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());

            int status = run("", "--address", "127.0.0.1", "--tcp", "on", "--listen", port);

            assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
            assertThat(printed.next("error").path("message").asText()).contains("port " + port, "cannot be bound");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--listen 443,                              --listen 443 without passive candidates",
        "--listen 443 --tcp active,                 --listen 443 without passive candidates",
        "--udp off,                                 no candidates",
        "--udp maybe,                               expected on or off",
        "--controlling --controlled,                exclude each other",
        "--port-pairs,                              --port-pairs without --components 2",
        "--turn turn.test:1:a:b:sctp,               sctp"
    })
    void whatCannotBeIsAnError(String line, String complaint) throws InterruptedException {
        assertThat(run("", line.split(" "))).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(printed.next("error").path("message").asText()).contains(complaint);
    }

    @Test
    void whatFailedIsToldWithoutNamesOfOurClasses() throws InterruptedException {
        assertThat(run("", "--address", "127.0.0.1", "--force-relay")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(printed.next("error").path("message").asText())
                .isEqualTo("NO_CANDIDATES: no candidate could be gathered");
    }

    @Test
    void theEndOfTheInputIsTheEnd() throws InterruptedException {
        int status = run("{\"cmd\":\"sing\"}\n", "--address", "127.0.0.1");

        assertThat(status).isEqualTo(CommandLine.ExitCode.OK);
        assertThat(printed.next("local").path("candidates")).isNotEmpty();
        assertThat(printed.next("error").path("message").asText()).isEqualTo("unknown command sing");
    }
}
