// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials from a media relay authentication service, as softphones behind Edge servers get them: the bodies of a
 * SIP SERVICE request and its answer. SIP itself stays with the softphone.
 *
 * <p>What is known of the bodies comes from other programs that speak them; no schema was at hand.
 */
@NullMarked
package org.icepath.turn.mras;

import org.jspecify.annotations.NullMarked;
