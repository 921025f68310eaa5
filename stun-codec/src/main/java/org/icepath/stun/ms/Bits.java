// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

/** How many bits the numbers of this dialect have on the wire. */
final class Bits {

    private Bits() {}

    /** @throws IllegalArgumentException when a number does not fit, unsigned, or is negative */
    static void check(int bits, long number, String what) {
        if (number < 0 || number >>> bits != 0) {
            throw new IllegalArgumentException(what + " " + number + " does not fit into " + bits + " bits");
        }
    }
}
