// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnKey;

/**
 * Who has signed a request in MS-TURN, and how the answer is to be signed.
 *
 * @param username as text; of a token whose it is, in hexadecimal digits
 * @param nonce which the key may depend on; not to be changed
 */
record MsCredential(String username, MsTurnKey key, MsTurnDialect form, byte[] nonce) {}
