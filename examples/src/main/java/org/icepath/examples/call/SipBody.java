// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import org.icepath.candidate.IceDescription;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.ms.AlternativeBodies;

/**
 * The body of a SIP message.
 *
 * @param contentType value of its header
 */
record SipBody(String contentType, String text) {

    private static final String BOUNDARY = "=_Part_1";

    /** SDP, with the other form that a dialect has for older readers beside it. */
    static SipBody of(String text, IceDescription description, SdpDialect sdp) {
        return sdp.fallbackBody(description)
                .map(fallback -> new SipBody(
                        AlternativeBodies.contentType(BOUNDARY),
                        AlternativeBodies.of(fallback, text).format(BOUNDARY)))
                .orElseGet(() -> new SipBody("application/sdp", text));
    }

    /** As a reader of this dialect understands it. */
    IceDescription read(SdpDialect sdp) {
        return IceSdp.parse(contentType, text, sdp).description();
    }
}
