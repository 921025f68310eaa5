// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"call", "peer", "gather", "nat", "decode", "relay"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: icepath " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"call", "peer", "gather", "nat", "decode", "relay"})
    void aNamedCommandIsBuiltAlone(String command) {
        assertThat(Main.commandLine(command, "call", "--help").getSubcommands()).containsOnlyKeys(command);
    }

    @Test
    void whoNamesNoCommandIsToldThemAll() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).containsPattern("(?s)  call .*  peer .*  gather .*  nat .*  decode .*  relay ");
        assertThat(Main.commandLine().getSubcommands())
                .containsOnlyKeys("call", "peer", "gather", "nat", "decode", "relay");
    }

    // what is like a command is looked for among all of them
    @Test
    void aMistypedCommandIsToldWhatIsMeant() {
        assertThat(run("gathre", "peer")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("Did you mean: icepath gather");
    }

    @ParameterizedTest
    @CsvSource({
        "call --pps 0,                      --pps 0",
        "call --pps 1001,                   --pps 1001",
        "call --patience -1,                '--patience -1.0, expected 0 to 3600 seconds'",
        "call --patience NaN,               '--patience NaN, expected 0 to 3600 seconds'",
        "call --duration 1e9,               '--duration 1.0E9, expected 0 to 86400 seconds'",
        "call --scenario moon,              lan, home, enterprise",
        "call --profile mixed --scenario home, not in --scenario home",
        "gather --turn turn.test,           TURN server turn.test is not HOST:PORT:USER:PASS:udp|tcp|tls",
        "gather --turn turn.test:secret,    TURN server turn.test:… is not HOST:PORT:USER:PASS:udp|tcp|tls",
        "gather --turn turn.test:70000:a:b:udp, 'port 70000, expected 1 to 65535'",
        "gather --turn turn.test:1:a:b:sctp, sctp",
        "gather --proxy ftp://a.test:1,     neither http:// nor socks5://",
        "gather --turn turn:a.test --password x, --password without --user",
        "gather --turn turn:a.test --user x, --user without --password or --secret",
        "gather --turn turn:a.test --user x --password y --secret z, --password and --secret exclude",
        "gather --turn a.test:1:a:b:udp --user x --password y, there is none",
        "gather --stun a.test --secret x,   there is none",
        "gather --tls-ca ca.pem --tls-insecure, exclude each other",
        "gather --tls-ca nothing.pem,       nothing.pem cannot be read",
        "relay --user nobody,               NAME:PASSWORD",
        "relay --user a:b --key nothing.pem, go together",
        "gather --address here,             not an IP address",
        "nat stuns:a.test,                  not reached over UDP",
        "nat a.test --lifetime 601,         --lifetime 601",
        "gather --stun stun:a.test:port,    stun:a.test:port"
    })
    void aWrongArgumentIsNamedAndEndsWithStatusTwo(String line, String complaint) {
        assertThat(run(line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(complaint);
    }

    // PROTOCOL: who drives a peer reads lines of JSON
    @ParameterizedTest
    @CsvSource({
        "peer --sing,                       --sing",
        "peer --components two,             '''two'' is not an int'",
        "peer sing,                         sing"
    })
    void aPeerThatIsAskedForNonsenseSaysSoInALineAndEndsWithStatusOne(String line, String complaint) {
        assertThat(run(line.split(" "))).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString())
                .startsWith("{\"event\":\"error\",\"message\":")
                .contains(complaint);
        assertThat(errors.toString()).isEmpty();
    }

    // TEST-NET-3: no machine has it
    @Test
    void anAddressThatNoInterfaceHasIsNamedWithTheReason() {
        int status = run("gather", "--address", "203.0.113.77", "--wait", "1");

        assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(errors.toString())
                .contains("gathering failed: NO_CANDIDATES: no candidate could be gathered")
                .containsPattern("Missing\\R+ +host candidate .*203\\.0\\.113\\.77");
    }

    @Test
    void aLoopbackAddressIsACandidateWhenItIsNamed() {
        int status = run("gather", "--address", "127.0.0.1");

        assertThat(status).isZero();
        assertThat(out.toString()).contains("1 candidate").contains("host").contains("127.0.0.1:");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine(arguments);
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(errors));
        return commandLine.execute(arguments);
    }
}
