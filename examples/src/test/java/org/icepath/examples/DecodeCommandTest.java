// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DecodeCommandTest {

    /** A pcap file (raw IP) with one datagram from 192.0.2.1:4000 to 192.0.2.2:3478: a Binding request with SOFTWARE. */
    private static final String CAPTURE = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000"
            + "00f15365 20a10700 38000000 38000000"
            + "45000038 00000000 40110000 c0000201 c0000202"
            + "0fa0 0d96 0024 0000"
            + "0001 0008 2112a442 0102030405060708090a0b0c 8022 0003 69637000";

    @TempDir
    private Path directory = Path.of(".");

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void eachMessageIsALineOfJson() throws IOException {
        Path file = Files.write(directory.resolve("one.pcap"), HexFormat.of().parseHex(CAPTURE.replace(" ", "")));

        int status = run("decode", file.toString());

        assertThat(status).isZero();
        JsonNode row = new ObjectMapper().readTree(out.toString());
        assertThat(row.path("file").asText()).isEqualTo("one.pcap");
        assertThat(row.path("src").asText()).isEqualTo("192.0.2.1:4000");
        assertThat(row.path("dst").asText()).isEqualTo("192.0.2.2:3478");
        assertThat(row.path("time").asDouble()).isEqualTo(1_700_000_000.5);
        assertThat(row.path("class").asText()).isEqualTo("request");
        assertThat(row.path("attrs")).hasToString("[[32802,3,\"696370\"]]");
        assertThat(row.path("ok").asBoolean()).isTrue();
        assertThat(row.has("tshark")).isFalse();
    }

    @Test
    void whatIsNoCaptureIsNamedAndEndsWithStatusOne() throws IOException {
        Path file = Files.writeString(directory.resolve("letter.txt"), "Dear Sir or Madam, nothing here is a packet.");

        int status = run("decode", file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(errors.toString()).contains("letter.txt").contains("neither pcap nor pcapng");
    }

    @Test
    void aFileThatIsMissingIsNamedAndTheOthersAreRead() throws IOException {
        Path file = Files.write(directory.resolve("one.pcap"), HexFormat.of().parseHex(CAPTURE.replace(" ", "")));
        Path nothing = directory.resolve("nothing.pcap");

        int status = run("decode", nothing.toString(), file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(errors.toString()).contains(nothing + ": no such file");
        assertThat(out.toString()).contains("\"file\":\"one.pcap\"");
    }

    // 24 bytes of header, one whole record of 16 + 56 bytes, and the beginning of another
    @Test
    void whatTheEndOfTheFileCutsOffIsToldWithItsPlaceAndTheRestIsRead() throws IOException {
        byte[] whole = HexFormat.of().parseHex(CAPTURE.replace(" ", ""));
        ByteBuffer twice = ByteBuffer.allocate(2 * whole.length - 24).put(whole).put(whole, 24, whole.length - 24);
        Path file = Files.write(directory.resolve("cut.pcap"), Arrays.copyOf(twice.array(), whole.length + 30));

        assertThat(run("decode", file.toString())).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(1);
        assertThat(errors.toString())
                .contains(
                        file + ": cut off: the record at offset 96 has at least 72 bytes, and the file ends after 30");
    }

    @Test
    void framesOfAnUnknownKindAreCounted() throws IOException {
        String bluetooth = CAPTURE.replace("65000000", "c9000000");
        Path file = Files.write(directory.resolve("odd.pcap"), HexFormat.of().parseHex(bluetooth.replace(" ", "")));

        assertThat(run("decode", file.toString())).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(errors.toString()).contains(file + ": 1 frame is of link type 201, which is not known");
    }

    @Test
    void nanosecondsAreRead() throws IOException {
        String nanos = CAPTURE.replace("d4c3b2a1", "4d3cb2a1");
        Path file = Files.write(directory.resolve("nanos.pcap"), HexFormat.of().parseHex(nanos.replace(" ", "")));

        assertThat(run("decode", file.toString())).isZero();

        assertThat(out.toString()).contains("\"time\":1700000000.0005,");
    }

    @Test
    void anEmptyFileADirectoryAndAPackedFileAreNamed() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.pcap"));
        Path packed =
                Files.write(directory.resolve("packed.pcap.gz"), HexFormat.of().parseHex("1f8b08" + "00".repeat(40)));

        assertThat(run("decode", empty.toString(), directory.toString(), packed.toString()))
                .isEqualTo(1);

        assertThat(errors.toString())
                .contains(empty + ": the file is empty")
                .contains(directory + ": a directory, not a file")
                .contains(packed + ": packed by gzip");
    }

    @Test
    void aFileThatIsTooShortForACaptureIsNone() throws IOException {
        Path file = Files.writeString(directory.resolve("word.txt"), "word");

        assertThat(run("decode", file.toString())).isEqualTo(1);
        assertThat(errors.toString()).contains(file + ": neither pcap nor pcapng, only 4 bytes");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine(arguments);
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(errors));
        return commandLine.execute(arguments);
    }
}
