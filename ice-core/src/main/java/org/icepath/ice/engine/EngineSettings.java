// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Objects;
import org.icepath.ice.IceConfig;
import org.icepath.ice.Pacer;

/**
 * What an {@link IceEngine} goes by.
 *
 * @param config the session's configuration
 * @param pacer the beat of the runtime
 * @param sessionId the session's name in logs and reports
 */
public record EngineSettings(IceConfig config, Pacer pacer, String sessionId) {

    public EngineSettings {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(pacer, "pacer");
        Objects.requireNonNull(sessionId, "sessionId");
    }
}
