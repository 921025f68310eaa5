// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/** Whether the connection stands that the packets of a pair travel on (RFC 6544 §7.1). */
enum PairLink {
    /** Datagrams need none. */
    NOT_NEEDED,
    /** There is none. */
    ABSENT,
    /** It was asked for, and a check waits for it. */
    WANTED,
    /** It stands. */
    OPEN
}
