// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

/** Whether what is sent from behind a NAT to an outside address of the same NAT arrives (RFC 4787 §6). */
public enum Hairpinning {
    SUPPORTED,
    NOT_SUPPORTED,
    /** There is no NAT, or no mapping was learnt. */
    UNKNOWN
}
