// SPDX-License-Identifier: Apache-2.0
/** The vendor's SDP against published offers. */
@NullMarked
package org.icepath.sdp.ms;

import org.jspecify.annotations.NullMarked;
