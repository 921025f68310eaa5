// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

/** The protocols that share one port with media, by their first byte (RFC 9443 §2). */
public enum PacketKind {
    /** First byte 0 to 3, and the magic cookie in its place. */
    STUN,
    /** First byte 16 to 19 (RFC 6189). */
    ZRTP,
    /** First byte 20 to 63. */
    DTLS,
    /** First byte 64 to 79: ChannelData, if it comes from a TURN server; from anyone else it may be QUIC. */
    TURN_CHANNEL,
    /** First byte 80 to 127 or 192 to 255. */
    QUIC,
    /** First byte 128 to 191: RTP or RTCP, SRTP or SRTCP. */
    RTP,
    /** Empty, a first byte that nobody owns, or 0 to 3 without the magic cookie. */
    UNKNOWN
}
