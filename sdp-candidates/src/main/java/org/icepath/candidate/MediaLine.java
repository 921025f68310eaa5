// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * What an m= line says beside its port (RFC 8866 §5.14).
 *
 * @param media such as {@code audio}
 * @param protocol such as {@code RTP/SAVP}
 * @param formats the rest of the line, such as {@code 0 8 101}
 */
public record MediaLine(String media, String protocol, String formats) {
    /** Audio with PCMU over plain RTP. */
    public static final MediaLine AUDIO = new MediaLine("audio", "RTP/AVP", "0");

    /** @throws IllegalArgumentException if the media is not a token, or another part has line breaks or is empty */
    public MediaLine {
        if (!Tokens.isToken(media)) {
            throw new IllegalArgumentException("media is not a token");
        }
        Tokens.requireVisible("protocol", protocol);
        if (formats.isBlank() || formats.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("formats are empty or not one line");
        }
    }

    /** Whether the stream is RTP, which has an RTCP beside it. */
    public boolean isRtp() {
        return protocol.contains("RTP/");
    }
}
