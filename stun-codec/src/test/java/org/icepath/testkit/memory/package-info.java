// SPDX-License-Identifier: Apache-2.0
/** What packet paths cost in objects: {@link org.icepath.testkit.memory.AllocatedBytes}. */
@NullMarked
package org.icepath.testkit.memory;

import org.jspecify.annotations.NullMarked;
