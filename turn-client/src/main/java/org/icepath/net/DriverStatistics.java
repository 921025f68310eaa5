// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

/**
 * What a {@link MachineDriver} has counted.
 *
 * @param received datagrams that arrived
 * @param ignored datagrams that the machine said were not its own
 * @param dropped datagrams that were to leave from a base whose socket is gone
 * @param faults exceptions that the machine threw; each is a bug, none ended the session
 */
public record DriverStatistics(long received, long ignored, long dropped, long faults) {}
