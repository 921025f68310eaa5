// SPDX-License-Identifier: Apache-2.0
/**
 * Reads candidate lists as a person would, and names what is wrong with them in plain words.
 *
 * <p>{@link org.icepath.sdp.explain.CandidateExplainer} is the entry; it works on either side's description, before any check
 * has been sent. Nothing here changes what the agent does. Immutable or without state, for any thread; no null anywhere.
 */
@NullMarked
package org.icepath.sdp.explain;

import org.jspecify.annotations.NullMarked;
