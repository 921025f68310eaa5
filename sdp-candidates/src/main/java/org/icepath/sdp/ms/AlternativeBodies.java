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
 * {@code ms-proxy-2007fallback}, and one of MS-ICE2 (seen). Everything that is no SDP is carried through.
 *
 * @param parts in the order of the body; at most 16
 */
public record AlternativeBodies(List<Part> parts) {

    private static final int MAX_PARTS = 16;
    private static final String SDP = "application/sdp";
    private static final String FALLBACK = "ms-proxy-2007fallback";
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s\"]{1,70}))");

    /**
     * One part.
     *
     * @param contentType as in its header, without it {@code text/plain}
     * @param disposition as in its header, empty when there is none
     * @param body as it stands
     */
    public record Part(String contentType, String disposition, String body) {

        /** Whether this is SDP for clients of the older draft. */
        public boolean isFallback() {
            return disposition.toLowerCase(Locale.ROOT).contains(FALLBACK);
        }

        boolean isSdp() {
            return contentType.toLowerCase(Locale.ROOT).startsWith(SDP);
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
        String[] pieces = ("\n" + body).split("\r?\n--" + Pattern.quote(boundary), MAX_PARTS + 2);
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < pieces.length && !pieces[i].startsWith("--") && parts.size() < MAX_PARTS; i++) {
            part(pieces[i]).ifPresent(parts::add);
        }
        return new AlternativeBodies(parts);
    }

    private static Optional<Part> part(String piece) {
        String[] headAndBody = piece.replaceFirst("^[ \t]*\r?\n", "").split("\r?\n\r?\n", 2);
        if (headAndBody.length < 2) {
            return Optional.empty();
        }
        return Optional.of(new Part(
                header(headAndBody[0], "content-type").orElse("text/plain"),
                header(headAndBody[0], "content-disposition").orElse(""),
                headAndBody[1]));
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
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
                new Part(SDP, "session; handling=optional; " + FALLBACK, fallback),
                new Part(SDP, "session; handling=optional", sdp)));
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
            if (part.body().contains(boundary)) {
                throw new IllegalArgumentException("the boundary " + boundary + " occurs in a part");
            }
            text.append("--").append(boundary).append("\r\nContent-Type: ").append(part.contentType());
            text.append("\r\nContent-Transfer-Encoding: 7bit\r\n");
            if (!part.disposition().isEmpty()) {
                text.append("Content-Disposition: ").append(part.disposition()).append("\r\n");
            }
            text.append("\r\n").append(part.body()).append("\r\n");
        }
        return text.append("--").append(boundary).append("--\r\n").toString();
    }
}
