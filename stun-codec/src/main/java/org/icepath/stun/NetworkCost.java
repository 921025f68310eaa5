// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * What the sender pays for the network below a candidate (GOOG-NETWORK-INFO in the registry; in use by browsers).
 *
 * @param networkId tells the sender's networks apart, 0 to 65535
 * @param cost 0 to 999; higher is worse
 */
public record NetworkCost(int networkId, int cost) {

    public NetworkCost {
        if (networkId < 0 || networkId > 0xFFFF || cost < 0 || cost > 0xFFFF) {
            throw new IllegalArgumentException("network " + networkId + " with cost " + cost);
        }
    }
}
