// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * A message of a capture, where it was found and what it is.
 *
 * @param file the name of the capture file
 * @param frame the last frame that contributed to it
 * @param timeNanos when that was captured, in nanoseconds since 1970
 * @param carrier the datagram or the stream that it came in
 * @param source sender, as address:port
 * @param destination receiver, as address:port
 * @param content what it is
 */
public record CaptureRow(
        String file,
        int frame,
        long timeNanos,
        Carrier carrier,
        String source,
        String destination,
        DecodedContent content) {

    /** What brought a message. */
    public sealed interface Carrier {}

    /** A UDP datagram of its own. */
    public record Datagram() implements Carrier {}

    /**
     * A place in a TCP stream.
     *
     * @param stream counts the connections of the capture from 0
     * @param framing turn-tcp, rfc4571 or ms-tcp
     * @param frames all frames that contributed, ascending
     */
    public record StreamPart(int stream, String framing, List<Integer> frames) implements Carrier {}

    /**
     * The row as names and values in their order, ready to be printed as one line of JSON: numbers, texts, booleans, null, lists and
     * maps of these.
     */
    public Map<String, Object> fields() {
        Fields fields = new Fields().with("file", file).with("frame", frame);
        BigDecimal seconds = BigDecimal.valueOf(timeNanos, 9).stripTrailingZeros();
        if (carrier instanceof StreamPart part) {
            fields.with("frames", part.frames())
                    .with("time", seconds)
                    .with("transport", "tcp")
                    .with("framing", part.framing())
                    .with("stream", part.stream());
        } else {
            fields.with("time", seconds).with("transport", "udp").with("framing", "none");
        }
        return fields.with("src", source)
                .with("dst", destination)
                .withAll(content.fields())
                .map();
    }
}
