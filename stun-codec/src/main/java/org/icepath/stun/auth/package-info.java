// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials of STUN and the checks of what arrives: RFC 8489 §9 and §14.4 to §14.12.
 *
 * <p>{@link org.icepath.stun.auth.IntegrityKey} is made once from a password, {@link org.icepath.stun.auth.Integrity} verifies
 * messages with it, {@link org.icepath.stun.auth.Fingerprint} comes before. Keys are immutable; {@code Integrity} is confined to
 * one thread.
 */
@NullMarked
package org.icepath.stun.auth;

import org.jspecify.annotations.NullMarked;
