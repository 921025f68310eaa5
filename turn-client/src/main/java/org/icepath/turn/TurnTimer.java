// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/** What a {@link TurnAllocation} may be waiting for. */
public enum TurnTimer {
    /** The allocation is to be refreshed, in good time before it expires (RFC 8656 §8). */
    REFRESH,
    /** The server drops the allocation unless a refresh succeeds before. */
    EXPIRY,
    /** A server that had no room is asked again (RFC 8656 §7.4). */
    RETRY,
    /**
     * An allocation whose connection is lost is to be moved once more, or given up; or the connection is to be closed that one has left
     * (RFC 8016).
     */
    MOVE,
    /** The release is not waited for any longer. */
    RELEASE,
    /** An answer, or the next retransmission. */
    ANSWER,
    /** The next permissions are to be asked for or refreshed (RFC 8656 §10). */
    PERMISSIONS,
    /** The next channel is to be refreshed, or ends its quarantine (RFC 8656 §12). */
    CHANNELS
}
