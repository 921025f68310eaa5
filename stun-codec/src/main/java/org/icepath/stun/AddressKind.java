// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/** What a code point says about the address it carries. */
enum AddressKind {
    NO_ADDRESS,
    PLAIN,
    XORED
}
