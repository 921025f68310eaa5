// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** Why media moved to another pair. */
public enum PathChange {
    /** The first pair that answered: media may flow before anything is nominated (RFC 8445 §12.1). */
    EARLY_MEDIA,
    /** The peer has no ICE for this stream: media goes to its default destination, which nobody has checked (RFC 8839 §4.2.5.2). */
    WITHOUT_ICE,
    /** The pair was nominated, by us or by the peer. */
    NOMINATED,
    /** A better pair became valid. */
    PROMOTED,
    /** The pair in use was lost and another valid one took over. */
    FAILOVER,
    /** An ICE restart has selected its pair: the new generation carries on (RFC 8445 §9). */
    RESTART
}
