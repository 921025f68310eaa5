// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.time.Duration;
import java.util.Optional;

/**
 * A request for credentials.
 *
 * @param requestId comes back in the answer
 * @param from who asks, such as {@code sip:alice@example.com}
 * @param to the service, as provisioning names it
 * @param identity for whom the credentials are, mostly {@code from}
 * @param location from where relays are wanted; empty for all
 * @param duration how long the credentials should last, whole minutes; empty for what the service likes
 */
public record MrasRequest(
        String requestId,
        String from,
        String to,
        String identity,
        Optional<RelayLocation> location,
        Optional<Duration> duration) {

    /** The type of the body. */
    public static final String CONTENT_TYPE = "application/msrtc-media-relay-auth+xml";

    /** @throws IllegalArgumentException when a duration is less than a minute */
    public MrasRequest {
        duration.ifPresent(time -> {
            if (time.toMinutes() < 1) {
                throw new IllegalArgumentException("duration " + time + " is less than a minute");
            }
        });
    }

    /** A request of a client for itself, of any duration. */
    public static MrasRequest of(String requestId, String client, String service, RelayLocation location) {
        return new MrasRequest(requestId, client, service, client, Optional.of(location), Optional.empty());
    }

    /** The body. */
    public String toXml() {
        StringBuilder xml = new StringBuilder("<request requestID=\"")
                .append(escaped(requestId))
                .append("\" version=\"1.0\" from=\"")
                .append(escaped(from))
                .append("\" to=\"")
                .append(escaped(to))
                .append("\" xmlns=\"" + MrasFormat.NAMESPACE + "\"><credentialsRequest credentialsRequestID=\"")
                .append(escaped(requestId))
                .append("\"><identity>")
                .append(escaped(identity))
                .append("</identity>");
        location.ifPresent(
                where -> xml.append("<location>").append(where.token()).append("</location>"));
        duration.ifPresent(
                time -> xml.append("<duration>").append(time.toMinutes()).append("</duration>"));
        return xml.append("</credentialsRequest></request>").toString();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
            }
        });
        return escaped.toString();
    }
}
