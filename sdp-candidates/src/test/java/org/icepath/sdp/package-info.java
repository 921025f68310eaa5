// SPDX-License-Identifier: Apache-2.0
/** Tests of reading and writing SDP. */
@NullMarked
package org.icepath.sdp;

import org.jspecify.annotations.NullMarked;
