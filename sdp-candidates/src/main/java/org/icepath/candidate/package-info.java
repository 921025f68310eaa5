// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of ICE as immutable values: candidates, priorities, foundations, credentials and whole descriptions.
 *
 * <p>{@link org.icepath.candidate.IceDescription} is what two peers exchange, whatever carries it; {@code org.icepath.sdp}
 * writes and reads it as SDP (RFC 8839). Everything here may be shared between threads unless its first line says
 * otherwise. Nothing resolves a name: an address that is not an IP literal stays a
 * {@link org.icepath.candidate.NamedAddress}. No method accepts or returns null unless it says so. Constructors refuse, with
 * {@link java.lang.IllegalArgumentException}, what the grammar of RFC 8839 §5 could not express.
 *
 * <p>RFC 8445 §5.1 (candidates), RFC 8421 (dual stack order), RFC 6544 (TCP), RFC 8839 §5 (grammar limits).
 */
@NullMarked
package org.icepath.candidate;

import org.jspecify.annotations.NullMarked;
