// SPDX-License-Identifier: Apache-2.0
/** Tests of the vocabulary and the pure strategies. */
@NullMarked
package org.icepath.ice;

import org.jspecify.annotations.NullMarked;
