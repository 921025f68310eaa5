// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/**
 * When what had passed on one pair, in nanoseconds; each is {@link org.icepath.ice.PairView#NOT_YET} when it has not.
 *
 * @param firstRequestAt when our first check was sent, those that renew consent included
 * @param lastRequestAt when the last one was begun
 * @param lastResponseAt when an authentic answer last came, refusals included
 * @param lastPacketReceivedAt when a packet of the application last came
 */
public record TrafficTimes(long firstRequestAt, long lastRequestAt, long lastResponseAt, long lastPacketReceivedAt) {}
