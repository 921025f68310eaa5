// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.CaptureException;
import org.icepath.testkit.capture.CaptureRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the STUN and TURN messages of capture files, one line of JSON each. */
@Command(
        name = "decode",
        description = "Prints one line of JSON for each STUN, ChannelData or multiplexed TURN message in a capture.",
        mixinStandardHelpOptions = true)
final class DecodeCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "A pcap or pcapng file.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int status = CommandLine.ExitCode.OK;
        for (Path file : files) {
            try {
                for (CaptureRow row : CaptureDecoder.decode(file)) {
                    out.println(JSON.writeValueAsString(row.fields()));
                }
            } catch (NoSuchFileException e) {
                status = unread(file, "no such file");
            } catch (IOException | CaptureException e) {
                status = unread(file, e.getMessage());
            }
        }
        out.flush();
        return status;
    }

    private int unread(Path file, @Nullable String why) {
        spec.commandLine().getErr().println(file + ": " + why);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
