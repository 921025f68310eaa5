// SPDX-License-Identifier: Apache-2.0
/** What Jazzer runs, in a surefire execution of its own. */
@NullMarked
package org.icepath.stun.fuzz;

import org.jspecify.annotations.NullMarked;
