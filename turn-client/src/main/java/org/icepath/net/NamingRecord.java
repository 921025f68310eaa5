// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

/**
 * One step of finding a service by its application protocols (NAPTR for S-NAPTR, RFC 3958 §6.5).
 *
 * @param order lower ones are heeded first
 * @param preference lower ones are better among those of one order
 * @param flags in lower case: {@code s} for a service record next, {@code a} for addresses, empty for another naming record
 * @param service such as {@code RELAY:turn.udp}
 * @param replacement the name to look up next, without the dot at its end
 */
public record NamingRecord(int order, int preference, String flags, String service, String replacement) {}
