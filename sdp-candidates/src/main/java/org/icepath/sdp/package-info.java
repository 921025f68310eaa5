// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes the ICE parts of SDP, and leaves the rest of a body as it is.
 *
 * <p>{@link org.icepath.sdp.IceSdp} is the entry. Reading never throws, whatever the text: each line that cannot be used
 * becomes an {@link org.icepath.sdp.SdpProblem} with its number, and costs nothing but itself. Nothing resolves a name. What
 * differs between families of peers is asked of an {@link org.icepath.sdp.SdpDialect}. All types are immutable or without
 * state and may be used from any thread; no method accepts or returns null.
 *
 * <p>RFC 8839 (ICE in SDP), RFC 8840 (trickle), RFC 6544 §4.5 (TCP), RFC 3605 (a=rtcp), RFC 5761 (rtcp-mux), RFC 5888 and
 * 8843 (mid, BUNDLE), RFC 8866 (SDP). Media negotiation is not here.
 */
@NullMarked
package org.icepath.sdp;

import org.jspecify.annotations.NullMarked;
