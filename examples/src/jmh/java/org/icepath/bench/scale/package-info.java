// SPDX-License-Identifier: Apache-2.0
/** A thousand calls in one process: what an agent costs, beside what it costs elsewhere. */
@NullMarked
package org.icepath.bench.scale;

import org.jspecify.annotations.NullMarked;
