// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CallCommandTest {

    @Test
    void theStoryOfACallIsWrittenAsAPage(@TempDir Path folder) throws Exception {
        Path page = folder.resolve("call.html");
        StringWriter said = new StringWriter();

        new CommandLine(new CallCommand())
                .setOut(new PrintWriter(said))
                .execute("--scenario", "lan", "--duration", "0.3", "--report-html", page.toString());

        assertThat(page).as(said::toString).isRegularFile();
        assertThat(Files.readString(page))
                .startsWith("<!DOCTYPE html>")
                .contains("Connected: audio/1 directly", "gathering is complete");
    }
}
