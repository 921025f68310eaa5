// SPDX-License-Identifier: Apache-2.0
/**
 * How Microsoft's clients and servers write STUN messages: MS-TURN, which is draft-rosenberg-midcom-turn-08 with attributes of its
 * own, and MS-ICE2, which is between drafts and RFC 5389.
 *
 * <p>Everything here is a value, a row, or a pure function; what is sent when is the business of the packages above. Rules are
 * tagged <i>seen</i> (in recorded packets), <i>specified</i> (in the vendor's documents) or <i>inferred</i>.
 */
@NullMarked
package org.icepath.stun.ms;

import org.jspecify.annotations.NullMarked;
