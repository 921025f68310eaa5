// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * What an m= line says beside its port (RFC 8866 §5.14).
 *
 * @param media such as {@code audio}
 * @param protocol such as {@code RTP/SAVP}
 * @param formats the rest of the line, such as {@code 0 8 101}; some peers leave it empty where they reject a stream
 */
public record MediaLine(String media, String protocol, String formats) {
    /** Audio with PCMU over plain RTP. */
    public static final MediaLine AUDIO = new MediaLine("audio", "RTP/AVP", "0");

    /** @throws IllegalArgumentException if the media is not a token, the protocol is empty, or a part has control characters */
    public MediaLine {
        if (!Tokens.isToken(media)) {
            throw new IllegalArgumentException("media is not a token");
        }
        Tokens.requireVisible("protocol", protocol);
        formats = formats.strip();
        if (formats.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("formats have a control character");
        }
    }

    /** Whether the stream is RTP, which has an RTCP beside it. */
    public boolean isRtp() {
        return protocol.contains("RTP/");
    }
}
