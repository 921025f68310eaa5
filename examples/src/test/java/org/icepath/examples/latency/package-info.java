// SPDX-License-Identifier: Apache-2.0
/**
 * How long it takes from the remote description to data and to the selected pair, between two processes in two network namespaces.
 *
 * <p>{@code mvn -B -ntp -Platency -DskipTests verify} runs {@link org.icepath.examples.latency.Latency}: it needs root and the network lab, as
 * the lab suite does. Each side is a {@link org.icepath.examples.latency.LatencyPeer} in a Java machine of its own; both read one
 * clock, because the system's monotonic clock is the same in all its processes. Times are nanoseconds of that clock.
 */
@NullMarked
package org.icepath.examples.latency;

import org.jspecify.annotations.NullMarked;
