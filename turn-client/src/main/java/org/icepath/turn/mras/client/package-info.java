// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials of a media relay authentication service while they are needed: {@link
 * org.icepath.turn.mras.client.MediaRelayCredentials}. SIP is the application's, behind {@link
 * org.icepath.turn.mras.client.MrasTransport}.
 *
 * <p>Thread-safe.
 */
@NullMarked
package org.icepath.turn.mras.client;

import org.jspecify.annotations.NullMarked;
