// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;

/**
 * A relay allocation that is due now; its owner answers with {@link Gatherer#allocated} or {@link Gatherer#allocationFailed}.
 *
 * @param local where it is to be made from
 * @param server place of the TURN server in the configuration, from 0
 * @param address the address of the server
 */
public record AllocationRequest(LocalBase local, int server, InetSocketAddress address) {}
