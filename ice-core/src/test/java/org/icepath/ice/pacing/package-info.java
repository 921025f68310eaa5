// SPDX-License-Identifier: Apache-2.0
/** Gathering by itself. */
@NullMarked
package org.icepath.ice.pacing;

import org.jspecify.annotations.NullMarked;
