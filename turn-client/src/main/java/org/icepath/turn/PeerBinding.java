// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/** How an allocation carries the data of a peer that it is told to prefer. */
public enum PeerBinding {
    /** Under a channel number, one for each peer (RFC 8656 §12). */
    CHANNEL,
    /** As it is, for the one peer that was made the active destination (draft-rosenberg-midcom-turn-08 §8.6). */
    ACTIVE_DESTINATION
}
