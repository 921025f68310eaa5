// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * Which transmission of a request, and of its response, this is (RFC 7982 §3).
 *
 * @param request 1 for the first transmission, 0 to 255
 * @param response 0 in a request, 0 to 255
 */
public record TransmitCounter(int request, int response) {

    public TransmitCounter {
        if (request < 0 || request > 0xFF || response < 0 || response > 0xFF) {
            throw new IllegalArgumentException("counters " + request + " and " + response + " are not within 0 to 255");
        }
    }
}
