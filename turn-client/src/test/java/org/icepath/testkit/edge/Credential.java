// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import org.icepath.stun.auth.IntegrityKey;

/**
 * Who has signed a request, and how the answer is to be signed (RFC 8489 §9.2.4).
 *
 * @param sha256 with MESSAGE-INTEGRITY-SHA256
 */
record Credential(String username, IntegrityKey key, boolean sha256) {}
