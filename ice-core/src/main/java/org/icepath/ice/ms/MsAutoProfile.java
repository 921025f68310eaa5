// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import org.icepath.ice.AutoProfile;
import org.icepath.ice.IceProfile;
import org.icepath.ice.Timings;
import org.icepath.stun.StunDialect;
import org.icepath.turn.TurnDialect;

/** The standard and MS-ICE2 in one profile. */
public final class MsAutoProfile implements AutoProfile {

    private static final IceProfile PROFILE = new IceProfile(
            "RFC 8445 or MS-ICE2",
            StunDialect.RFC8489,
            TurnDialect.RFC8656,
            AutoCheckDialect.INSTANCE,
            AutoSdpDialect.INSTANCE,
            AutoSessionRules.INSTANCE,
            Timings.RFC8445);

    /** For the service loader. */
    public MsAutoProfile() {}

    @Override
    public IceProfile profile() {
        return PROFILE;
    }
}
