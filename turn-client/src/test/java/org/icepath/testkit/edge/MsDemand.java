// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

/** What an Edge insists on, beyond what [MS-TURN] makes every server insist on. All of it was seen in one server. */
public enum MsDemand {
    /** MS-VERSION stands before USERNAME in every request, else 432. */
    VERSION_FIRST,
    /** Every request after the Allocate response has its 24-byte MS-SEQUENCE-NUMBER; the allocation is found by that alone. */
    SEQUENCE_NUMBERS,
    /** Who was sent to answers from that port, not from another of its address, as connections do that it opens. */
    PEER_PORTS,
    /** MS-SERVICE-QUALITY is answered by 500, and what came later than 2012 by 420. */
    OLD_ATTRIBUTES,
    /** 400, 420, 437 and 500 come without cookie and integrity, and with a padded reason. */
    BARE_ERRORS
}
