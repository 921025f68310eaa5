// SPDX-License-Identifier: Apache-2.0
/** Finds the vectors and recordings of others that lie beside the project and may not be copied into it. */
@NullMarked
package org.icepath.testkit.shared;

import org.jspecify.annotations.NullMarked;
