// SPDX-License-Identifier: Apache-2.0
package org.icepath.connection;

import java.time.Duration;
import java.util.Objects;

/**
 * How connections over TCP, TLS and DTLS are made.
 *
 * @param tls who is trusted and who we are, for TLS and DTLS
 * @param proxy what TCP and TLS connections go through; {@link Proxy#NONE} for none. Datagrams never do
 * @param deadline how long one attempt may take from the first packet to the end of the handshakes; 100 ms to 2 min
 * @param queueBytes how much media may wait on one stream for the network to take it, 1 KiB to 16 MiB; then the oldest is dropped
 * @param dscp differentiated services code point of what is sent, 0 to 63 (RFC 2474)
 */
public record ConnectionSettings(TlsSettings tls, Proxy proxy, Duration deadline, int queueBytes, int dscp) {

    private static final Duration LEAST_DEADLINE = Duration.ofMillis(100);
    private static final Duration MOST_DEADLINE = Duration.ofMinutes(2);
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(8);
    private static final int LEAST_QUEUE = 1 << 10;
    private static final int MOST_QUEUE = 1 << 24;
    private static final int MOST_DSCP = 63;
    private static final int DEFAULT_QUEUE = 1 << 16; // a second of video, several of speech

    public ConnectionSettings {
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(proxy, "proxy");
        if (deadline.compareTo(LEAST_DEADLINE) < 0 || deadline.compareTo(MOST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline " + deadline + " is not within 100 ms to 2 min");
        }
        if (queueBytes < LEAST_QUEUE || queueBytes > MOST_QUEUE) {
            throw new IllegalArgumentException("queueBytes " + queueBytes + " is not within 1 KiB to 16 MiB");
        }
        if (dscp < 0 || dscp > MOST_DSCP) {
            throw new IllegalArgumentException("dscp " + dscp + " is not within 0 to 63");
        }
    }

    /** The trust of the platform, no proxy, 8 s for each attempt, 64 KiB of waiting media. */
    public static ConnectionSettings create() {
        return new ConnectionSettings(TlsSettings.create(), Proxy.NONE, DEFAULT_DEADLINE, DEFAULT_QUEUE, 0);
    }

    /** The same with other TLS settings. */
    public ConnectionSettings withTls(TlsSettings other) {
        return new ConnectionSettings(other, proxy, deadline, queueBytes, dscp);
    }

    /** The same through a proxy. */
    public ConnectionSettings via(Proxy other) {
        return new ConnectionSettings(tls, other, deadline, queueBytes, dscp);
    }

    /** The same with another deadline. */
    public ConnectionSettings withDeadline(Duration other) {
        return new ConnectionSettings(tls, proxy, other, queueBytes, dscp);
    }

    /** The same with another bound for media that waits. */
    public ConnectionSettings withQueueBytes(int bytes) {
        return new ConnectionSettings(tls, proxy, deadline, bytes, dscp);
    }

    /** The same, whose packets are marked with a differentiated services code point. */
    public ConnectionSettings withDscp(int codePoint) {
        return new ConnectionSettings(tls, proxy, deadline, queueBytes, codePoint);
    }
}
