// SPDX-License-Identifier: Apache-2.0
/** Whole sessions in virtual time. */
@NullMarked
package org.icepath.ice.engine;

import org.jspecify.annotations.NullMarked;
