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
 * @param workshop shared with other engines of the thread
 */
public record EngineSettings(IceConfig config, Pacer pacer, String sessionId, Workshop workshop) {

    public EngineSettings {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(pacer, "pacer");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(workshop, "workshop");
    }

    /** An engine that shares nothing but the beat. */
    public EngineSettings(IceConfig config, Pacer pacer, String sessionId) {
        this(config, pacer, sessionId, new Workshop());
    }
}
