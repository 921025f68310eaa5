// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

/**
 * Where a service is (SRV, RFC 2782).
 *
 * @param priority lower ones are tried first
 * @param weight how often it is chosen among those of its priority, relative to theirs
 * @param port 0 to 65535
 * @param target a host name without the dot at its end; empty if the service is decidedly not there
 */
public record ServiceRecord(int priority, int weight, int port, String target) {}
