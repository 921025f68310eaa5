// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.candidate.IceCredentials;
import org.icepath.ice.agent.EarlyChecks;

/**
 * Our half of a generation: one username fragment and password, and the checks for them that came before the peer's half was known.
 *
 * @param early takes checks for {@code credentials} that no agent takes
 */
record OurGeneration(IceCredentials credentials, EarlyChecks early) {}
