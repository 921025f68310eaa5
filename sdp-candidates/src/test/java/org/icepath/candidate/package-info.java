// SPDX-License-Identifier: Apache-2.0
/** Tests of the values. */
@NullMarked
package org.icepath.candidate;

import org.jspecify.annotations.NullMarked;
