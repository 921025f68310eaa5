// SPDX-License-Identifier: Apache-2.0
/** Gathering by itself. */
@NullMarked
package org.icepath.ice.gather;

import org.jspecify.annotations.NullMarked;
