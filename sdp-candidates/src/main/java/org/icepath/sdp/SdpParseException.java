// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

/** A piece of SDP that is not what its grammar says. Without stack trace: the network sends what it likes. */
public final class SdpParseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong, in plain words */
    public SdpParseException(String reason) {
        super(reason, null, false, false);
    }
}
