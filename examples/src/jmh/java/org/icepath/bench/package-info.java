// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks: what the codec and the packet path cost, as ratios to the physical limit and to another library in the same run.
 *
 * <p>{@link org.icepath.bench.Bench} runs them all, prints one table and writes it as JSON.
 */
@NullMarked
package org.icepath.bench;

import org.jspecify.annotations.NullMarked;
