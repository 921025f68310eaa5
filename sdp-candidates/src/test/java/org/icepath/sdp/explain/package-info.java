// SPDX-License-Identifier: Apache-2.0
/** Tests of the findings. */
@NullMarked
package org.icepath.sdp.explain;

import org.jspecify.annotations.NullMarked;
