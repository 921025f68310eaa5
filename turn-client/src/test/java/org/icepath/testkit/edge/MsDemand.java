// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

/** What an Edge insists on or does, beyond what [MS-TURN] makes every server do. All of it was seen in one server. */
public enum MsDemand {
    /** MS-VERSION stands before USERNAME in every request, else 432. */
    VERSION_FIRST,
    /** Every request after the Allocate response has its 24-byte MS-SEQUENCE-NUMBER; the allocation is found by that alone. */
    SEQUENCE_NUMBERS,
    /** Who was sent to answers from that port, not from another of its address, as connections do that it opens. */
    PEER_PORTS,
    /** MS-SERVICE-QUALITY is answered by 500, and what came later than 2012 by 420. */
    OLD_ATTRIBUTES,
    /** MESSAGE-INTEGRITY is the last attribute, else 431: the length under it is that of the whole message. */
    INTEGRITY_LAST,
    /** 400, 420, 437 and 500 come without cookie and integrity, and with a padded reason. */
    BARE_ERRORS,
    /** A Send request that is not authentic is answered by 0x0114, which servers must not send ([MS-TURN] §2.2.1). */
    SEND_ERRORS
}
