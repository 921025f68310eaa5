// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/**
 * Which candidates may still come.
 *
 * @param localPreference the best type preference that our gathering may still bring; 0 when it is done
 * @param remote whether the peer may still trickle candidates (RFC 8838 §13)
 */
record ToCome(int localPreference, boolean remote) {

    static final ToCome NOTHING = new ToCome(0, false);
}
