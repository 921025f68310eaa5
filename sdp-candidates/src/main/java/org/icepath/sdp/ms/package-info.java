// SPDX-License-Identifier: Apache-2.0
/**
 * ICE in SDP as Microsoft's clients write it: MS-ICE2 lines, the lines of the draft before it, and bodies with a part for each.
 *
 * <p>Rules are tagged <i>seen</i> (in published offers), <i>specified</i> (in the vendor's documents) or <i>inferred</i>.
 */
@NullMarked
package org.icepath.sdp.ms;

import org.jspecify.annotations.NullMarked;
