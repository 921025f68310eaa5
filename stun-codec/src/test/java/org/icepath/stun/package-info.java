// SPDX-License-Identifier: Apache-2.0
/** Tests of the codec. */
@NullMarked
package org.icepath.stun;

import org.jspecify.annotations.NullMarked;
