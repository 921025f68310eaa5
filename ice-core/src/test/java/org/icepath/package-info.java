// SPDX-License-Identifier: Apache-2.0
/** Rules that hold for the whole house. */
@NullMarked
package org.icepath;

import org.jspecify.annotations.NullMarked;
