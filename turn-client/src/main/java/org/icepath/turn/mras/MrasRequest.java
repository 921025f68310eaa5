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
 * @param route how the relays that it names should be reached; empty for what the service likes
 */
public record MrasRequest(
        String requestId,
        String from,
        String to,
        String identity,
        Optional<RelayLocation> location,
        Optional<Duration> duration,
        Optional<Route> route) {

    /** How relays are named (seen in another program's schema). */
    public enum Route {
        /** By a name or address that stands for many. */
        LOAD_BALANCED("loadbalanced"),
        /** Each by its own address. */
        DIRECT_IP("directip");

        private final String token;

        Route(String token) {
            this.token = token;
        }
    }

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
        return new MrasRequest(
                requestId, client, service, client, Optional.of(location), Optional.empty(), Optional.empty());
    }

    /** The same under another id. */
    public MrasRequest withId(String other) {
        return new MrasRequest(other, from, to, identity, location, duration, route);
    }

    /** The same for relays of all locations. */
    public MrasRequest forAllLocations() {
        return new MrasRequest(requestId, from, to, identity, Optional.empty(), duration, route);
    }

    /**
     * The same for credentials that last so long; the service may give less.
     *
     * @throws IllegalArgumentException when it is less than a minute
     */
    public MrasRequest lasting(Duration time) {
        return new MrasRequest(requestId, from, to, identity, location, Optional.of(time), route);
    }

    /** The same for relays that are named so. */
    public MrasRequest by(Route wanted) {
        return new MrasRequest(requestId, from, to, identity, location, duration, Optional.of(wanted));
    }

    /** The body. */
    public String toXml() {
        StringBuilder xml = new StringBuilder("<request requestID=\"")
                .append(escaped(requestId))
                .append("\" version=\"1.0\" from=\"")
                .append(escaped(from))
                .append("\" to=\"")
                .append(escaped(to))
                .append(route.map(way -> "\" route=\"" + way.token).orElse(""))
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
