// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * From where a server shall answer (RFC 5780 §7.2).
 *
 * @param changeIp from its other address
 * @param changePort from its other port
 */
public record ChangeRequest(boolean changeIp, boolean changePort) {}
