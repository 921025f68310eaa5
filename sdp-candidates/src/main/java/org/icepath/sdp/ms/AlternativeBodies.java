// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The body of an INVITE that comes in two forms, {@code multipart/alternative}: one for clients of the older draft, marked
 * {@code ms-proxy-2007fallback}, and one of MS-ICE2 (seen). Every part is carried through with all its headers, whatever it is.
 *
 * @param parts in the order of the body; at most 16
 */
public record AlternativeBodies(List<Part> parts) {

    private static final int MAX_PARTS = 16;
    private static final String SDP = "application/sdp";
    private static final String FALLBACK = "ms-proxy-2007fallback";
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^;\\s\"]{1,70}))", Pattern.CASE_INSENSITIVE);

    /** A header that goes on in the next line (RFC 5322 §2.2.3). */
    private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");

    private static final Pattern LINE_END = Pattern.compile("\r?\n");

    /**
     * One part.
     *
     * @param head its header lines as they stand, folded ones too, without the end of the last one; empty when there are none
     * @param body as it stands
     */
    public record Part(String head, String body) {

        /** The type as its header says it; {@code text/plain} where there is none (RFC 2046 §5.1). */
        public String contentType() {
            return header("content-type").orElse("text/plain");
        }

        /** The disposition as its header says it, empty when there is none. */
        public String disposition() {
            return header("content-disposition").orElse("");
        }

        /** Whether this is SDP for clients of the older draft. */
        public boolean isFallback() {
            return disposition().toLowerCase(Locale.ROOT).contains(FALLBACK);
        }

        boolean isSdp() {
            return contentType().toLowerCase(Locale.ROOT).startsWith(SDP);
        }

        private Optional<String> header(String name) {
            return FOLD.matcher(head)
                    .replaceAll(" ")
                    .lines()
                    .filter(line -> line.indexOf(':') > 0)
                    .filter(line -> line.substring(0, line.indexOf(':')).strip().equalsIgnoreCase(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }

    public AlternativeBodies {
        parts = List.copyOf(parts);
    }

    /** Whether a content type is one that {@link #parse} reads. */
    public static boolean isAlternative(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/")
                && BOUNDARY.matcher(contentType).find();
    }

    /**
     * Reads a body. What cannot be read is left out; nothing throws.
     *
     * @param contentType the header's value, with its boundary
     * @return without parts when there is no boundary
     */
    public static AlternativeBodies parse(String contentType, String body) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.find()) {
            return new AlternativeBodies(List.of());
        }
        String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        // a line that only begins with the boundary is none
        Pattern delimiter = Pattern.compile("\r?\n--" + Pattern.quote(boundary) + "(?=--|[ \t]*(?:\r?\n|$))");
        String[] pieces = delimiter.split("\n" + body, MAX_PARTS + 2);
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < pieces.length && !pieces[i].startsWith("--") && parts.size() < MAX_PARTS; i++) {
            part(pieces[i]).ifPresent(parts::add);
        }
        return new AlternativeBodies(parts);
    }

    /** @param piece what follows the boundary, the rest of its line included */
    private static Optional<Part> part(String piece) {
        Matcher end = LINE_END.matcher(piece);
        if (!end.find()) {
            return Optional.empty();
        }
        int head = end.end();
        int last = head;
        while (end.find()) {
            if (end.start() == last) {
                return Optional.of(new Part(withoutEnd(piece.substring(head, last)), piece.substring(end.end())));
            }
            last = end.end();
        }
        return Optional.empty();
    }

    private static String withoutEnd(String lines) {
        return lines.replaceFirst("\r?\n$", "");
    }

    /** The SDP to use: the last that is not the fallback, as {@code multipart/alternative} means it; empty when there is none. */
    public Optional<String> sdp() {
        return parts.stream()
                .filter(part -> part.isSdp() && !part.isFallback())
                .reduce((first, second) -> second)
                .map(Part::body);
    }

    /** The SDP of the older draft, empty when there is none. */
    public Optional<String> fallback() {
        return parts.stream()
                .filter(part -> part.isSdp() && part.isFallback())
                .map(Part::body)
                .findFirst();
    }

    /** Two bodies, the fallback first as those clients have it. */
    public static AlternativeBodies of(String fallback, String sdp) {
        return new AlternativeBodies(List.of(
                part("session; handling=optional; " + FALLBACK, fallback), part("session; handling=optional", sdp)));
    }

    private static Part part(String disposition, String sdp) {
        String encoding = sdp.chars().allMatch(each -> each < 0x80) ? "7bit" : "8bit";
        return new Part(
                "Content-Type: " + SDP + "\r\nContent-Transfer-Encoding: " + encoding + "\r\nContent-Disposition: "
                        + disposition,
                sdp);
    }

    /** The content type that goes with {@link #format}. */
    public static String contentType(String boundary) {
        return "multipart/alternative;boundary=\"" + boundary + "\"";
    }

    /**
     * Writes the body.
     *
     * @param boundary 1 to 70 letters, digits, {@code _}, {@code -} and {@code =}; must occur in no part
     * @throws IllegalArgumentException when the boundary is none, or occurs in a part
     */
    public String format(String boundary) {
        if (!boundary.matches("[A-Za-z0-9_=-]{1,70}")) {
            throw new IllegalArgumentException("not a boundary: " + boundary);
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part.body().contains(boundary) || part.head().contains(boundary)) {
                throw new IllegalArgumentException("the boundary " + boundary + " occurs in a part");
            }
            text.append("--").append(boundary).append("\r\n");
            if (!part.head().isEmpty()) {
                text.append(part.head()).append("\r\n");
            }
            text.append("\r\n").append(part.body()).append("\r\n");
        }
        return text.append("--").append(boundary).append("--\r\n").toString();
    }
}
