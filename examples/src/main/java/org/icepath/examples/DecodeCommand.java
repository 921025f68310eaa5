// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.CaptureException;
import org.icepath.testkit.capture.CaptureFile;
import org.icepath.testkit.capture.CaptureReader;
import org.icepath.testkit.capture.CaptureRow;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the STUN and TURN messages of capture files, one line of JSON each. */
@Command(
        name = "decode",
        description = "Prints one line of JSON for each STUN, ChannelData or multiplexed TURN message in a capture.",
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:Every file was read to its end.",
            "1:One was not, or has frames that nothing is known of; the others were read.",
            "2:The command line is wrong."
        },
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
            List<String> troubles = troubles(out, file);
            for (String trouble : troubles) {
                spec.commandLine().getErr().println(file + ": " + trouble);
                status = CommandLine.ExitCode.SOFTWARE;
            }
        }
        out.flush();
        return status;
    }

    /** Prints what is whole, and says what is not. */
    private static List<String> troubles(PrintWriter out, Path file) {
        if (Files.isDirectory(file)) {
            return List.of("a directory, not a file");
        }
        try {
            CaptureFile capture = CaptureReader.readFile(file);
            for (CaptureRow row : CaptureDecoder.decode(String.valueOf(file.getFileName()), capture.frames())) {
                out.println(JSON.writeValueAsString(row.fields()));
            }
            return capture.troubles();
        } catch (NoSuchFileException e) {
            return List.of("no such file");
        } catch (AccessDeniedException e) {
            return List.of("may not be read");
        } catch (IOException | CaptureException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
