// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** What became of a packet that was given to {@link IcePath#send}. Datagrams may still be lost on their way. */
public enum SendResult {
    /** Handed to the network; by another thread than the session's event loop, to that loop, where what follows may still befall it. */
    SENT,
    /** Dropped: no pair of this component is valid yet, or the session is closed. */
    NO_PATH,
    /** Dropped: the peer's consent to receive has expired (RFC 7675 §5.1). */
    NO_CONSENT,
    /** The send queue of the path is full: dropped, or on a connection the packet that had waited longest was dropped for it. */
    FULL
}
