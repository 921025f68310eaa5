// SPDX-License-Identifier: Apache-2.0
/** The vendor's dialect against computed vectors and recorded packets. */
@NullMarked
package org.icepath.stun.ms;

import org.jspecify.annotations.NullMarked;
