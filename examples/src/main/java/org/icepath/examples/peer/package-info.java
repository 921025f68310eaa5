// SPDX-License-Identifier: Apache-2.0
/**
 * {@code icepath peer}: one agent that reads and writes lines of JSON, so that any other implementation can be met.
 *
 * <p>{@link org.icepath.examples.peer.PeerCommand} is the entry. Lines are read by the thread that runs the command; events are
 * written by the session's event loop; both write through one {@code JsonLines}, a line at a time.
 */
@NullMarked
package org.icepath.examples.peer;

import org.jspecify.annotations.NullMarked;
