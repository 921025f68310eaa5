// SPDX-License-Identifier: Apache-2.0
/**
 * HMAC-SHA1 and HMAC-SHA256 over one message at a time, without allocation (RFC 2104, FIPS 198-1).
 *
 * <p>{@link org.icepath.stun.hmac.HmacKey} is an immutable value, {@link org.icepath.stun.hmac.Hmac} the worker that is confined
 * to one thread. Key bytes never leave this package. {@code javax.crypto.Mac} is not used because its result array and its
 * re-keying allocate for each message, and because its provider look-up costs more at start than all the rest of this module.
 */
@NullMarked
package org.icepath.stun.hmac;

import org.jspecify.annotations.NullMarked;
