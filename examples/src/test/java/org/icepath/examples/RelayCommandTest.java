// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the options of the embedded relay ask for, before it listens anywhere. */
class RelayCommandTest {

    private final StringWriter complaints = new StringWriter();

    private static EdgeConfig configured(String words) {
        RelayCommand command = new RelayCommand();
        new CommandLine(command).parseArgs(("--user alice:s3cret " + words).split(" "));
        return command.config();
    }

    private int run(String words) {
        return new CommandLine(new RelayCommand())
                .setErr(new PrintWriter(complaints))
                .execute(("--user alice:s3cret " + words).split(" "));
    }

    @Test
    void aRealmThatIsGivenIsThatOfBothDialects() {
        EdgeConfig config = configured("--ms --realm example.net");

        assertThat(config.realm()).isEqualTo("example.net");
        assertThat(config.ms().map(MsEdgeConfig::realm)).contains("example.net");
    }

    @Test
    void withoutARealmEachDialectHasItsOwn() {
        EdgeConfig config = configured("--ms --ms-version 3");

        assertThat(config.realm()).isEqualTo("icepath.test");
        assertThat(config.ms().map(MsEdgeConfig::realm)).contains("\"rtcmedia\"");
        assertThat(config.ms().map(MsEdgeConfig::version)).contains(3);
        assertThat(config.ms().map(MsEdgeConfig::users)).contains(config.users());
        assertThat(configured("--realm example.net").ms()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pseudo-tls-port 0", "--ms-lenient", "--ms-version 2"})
    void whatMeansNothingWithoutItIsRefused(String words) {
        assertThat(run(words)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(complaints.toString()).contains("Missing required argument(s): --ms");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 7})
    void aVersionThatNobodyHasIsRefused(int version) {
        assertThat(run("--ms --ms-version=" + version)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(complaints.toString()).contains("MS-VERSION " + version);
    }
}
