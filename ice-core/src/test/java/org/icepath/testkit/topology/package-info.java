// SPDX-License-Identifier: Apache-2.0
/**
 * Random networks between two hosts, and what can be reached in them.
 *
 * <p>{@link org.icepath.testkit.topology.RandomTopology} draws a {@link org.icepath.testkit.topology.Topology} from a seed,
 * {@link org.icepath.testkit.topology.BuiltTopology} sets it up in a {@link org.icepath.testkit.network.VirtualNetwork}, and {@link
 * org.icepath.testkit.topology.HolePunching} finds out by plain UDP, without any ICE, which paths it has.
 *
 * <p>Not thread-safe. References are never null.
 */
@NullMarked
package org.icepath.testkit.topology;

import org.jspecify.annotations.NullMarked;
