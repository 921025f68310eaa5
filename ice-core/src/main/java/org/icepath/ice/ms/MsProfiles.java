// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import org.icepath.ice.IceProfile;
import org.icepath.ice.Timings;
import org.icepath.sdp.ms.MsSdpDialect;
import org.icepath.stun.StunDialect;
import org.icepath.turn.TurnDialect;

/** The profiles of the vendor's clients and servers. Only an application picks one. */
public final class MsProfiles {

    /** MS-ICE2, as clients from Office Communications Server 2007 R2 on speak it; towards STUN servers the standard's messages. */
    public static final IceProfile ICE2 = new IceProfile(
            "MS-ICE2",
            StunDialect.RFC8489,
            TurnDialect.RFC8656,
            MsCheckDialect.INSTANCE,
            MsSdpDialect.INSTANCE,
            MsSessionRules.INSTANCE,
            Timings.RFC8445);

    /** The standard and {@link #ICE2} in one, for a peer of which nothing is known: {@link IceProfile#auto}. */
    public static final IceProfile AUTO = new MsAutoProfile().profile();

    private MsProfiles() {}
}
