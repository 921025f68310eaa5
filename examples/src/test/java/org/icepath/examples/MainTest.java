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
        assertThat(out.toString())
                .contains("Usage: icepath " + command)
                .containsPattern("(?s)Exit status:\\R  0 .*\\R  1 ");
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
        "gather --address here,             '''--address'' (IP): ''here'' is not an IP address'",
        "relay --user a:b --address here,   '''--address'' (IP): ''here'' is not an IP address'",
        "nat stuns:a.test,                  not reached over UDP",
        "gather --stun stun:a.test:port,    stun:a.test:port"
    })
    void aWrongArgumentIsNamedAndEndsWithStatusTwo(String line, String complaint) {
        assertThat(run(line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(complaint);
    }

    @ParameterizedTest
    @CsvSource({
        "call --pps,              0,           a whole number from 1 to 1000",
        "call --pps,              1001,        a whole number from 1 to 1000",
        "call --pps,              fast,        a whole number from 1 to 1000",
        "call --pps,              99999999999, a whole number from 1 to 1000",
        "call --patience,         -1,          0 to 3600 seconds",
        "call --patience,         NaN,         0 to 3600 seconds",
        "call --patience,         3600.1,      0 to 3600 seconds",
        "call --duration,         1e9,         0 to 86400 seconds",
        "call --duration,         Infinity,    0 to 86400 seconds",
        "gather --wait,           -1,          0 to 60 seconds",
        "gather --wait,           NaN,         0 to 60 seconds",
        "gather --wait,           -Infinity,   0 to 60 seconds",
        "gather --wait,           61,          0 to 60 seconds",
        "gather --wait,           1e300,       0 to 60 seconds",
        "gather --wait,           soon,        0 to 60 seconds",
        "nat a.test --lifetime,   -1,          a whole number from 1 to 600",
        "nat a.test --lifetime,   601,         a whole number from 1 to 600",
        "relay --user a:b --port, 65536,       a whole number from 0 to 65535",
        "relay --user a:b --tls-port, -1,      a whole number from 0 to 65535",
        "relay --user a:b --ms --pseudo-tls-port, 65536, a whole number from 0 to 65535",
        "relay --user a:b --ms --ms-version, 7, a whole number from 0 to 6"
    })
    void aNumberOutOfRangeIsRefusedByTheNameOfItsOption(String line, String number, String expected) {
        assertThat(run((line + " " + number).split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        String option = line.substring(line.lastIndexOf(' ') + 1);
        assertThat(errors.toString())
                .contains("Invalid value for option '" + option + "': '" + number + "', expected " + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "--components, 0,     a whole number from 1 to 256",
        "--components, 257,   a whole number from 1 to 256",
        "--components, two,   a whole number from 1 to 256",
        "--listen,     0,     a whole number from 1 to 65535",
        "--listen,     65536, a whole number from 1 to 65535",
        "--wait,       -1,    0 to 60 seconds",
        "--wait,       NaN,   0 to 60 seconds",
        "--patience,   3601,  0 to 3600 seconds",
        "--patience,   NaN,   0 to 3600 seconds"
    })
    void aPeerRefusesNumbersInALine(String option, String number, String expected) {
        assertThat(run("peer", option, number)).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString())
                .contains("Invalid value for option '" + option + "': '" + number + "', expected " + expected);
    }

    // PROTOCOL: who drives a peer reads lines of JSON
    @ParameterizedTest
    @CsvSource({
        "peer --sing,                       --sing",
        "peer --address here,               '''--address'' (IP): ''here'' is not an IP address'",
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
