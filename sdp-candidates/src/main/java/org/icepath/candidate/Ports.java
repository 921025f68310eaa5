// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/** Port numbers. */
final class Ports {
    private Ports() {}

    static void require(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 0 to 65535");
        }
    }
}
