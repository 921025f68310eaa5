// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.Foundation;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.CheckForm;
import org.icepath.ice.RemoteTraits;
import org.icepath.sdp.ms.MsPriority;
import org.icepath.stun.StunMessage;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;

/** Connectivity checks of MS-ICE2: the older form until the peer has shown that it knows the newer one. */
final class MsCheckDialect implements CheckDialect {

    static final MsCheckDialect INSTANCE = new MsCheckDialect();

    /** The peer's IMPLEMENTATION-VERSION, once a message with it has authenticated. */
    static final String VERSION = "MS-ICE2 implementation version";

    private static final List<CheckForm> OLDER = List.of(MsCheckForm.VERSION_2);
    private static final List<CheckForm> NEWER = List.of(MsCheckForm.VERSION_3);

    private MsCheckDialect() {}

    /** Version 2 is advertised and written, which all take; to a peer of version 3 or more its own form (inferred). */
    @Override
    public List<CheckForm> forms(RemoteTraits traits) {
        boolean newer = traits.fact(VERSION)
                .filter(version -> Long.parseLong(version) >= MsIce2Dialect.RFC_VERSION)
                .isPresent();
        return newer ? NEWER : OLDER;
    }

    @Override
    public List<CheckForm> readableForms() {
        return List.of(MsCheckForm.VERSION_2, MsCheckForm.VERSION_3, MsCheckForm.UNMARKED);
    }

    /** Until the peer's version is known (seen); requests and answers, not keepalives ([MS-ICE2] §3.1.4.8.2, specified). */
    @Override
    public boolean sendsCompanions(RemoteTraits traits) {
        return traits.fact(VERSION).isEmpty();
    }

    @Override
    public long checkPriority(Candidate local) {
        return MsPriority.ofCheck(local);
    }

    /** That of the server-reflexive candidate, else of the base ([MS-ICE2] §2.2.2, specified for CANDIDATE-IDENTIFIER; seen). */
    @Override
    public Foundation peerReflexiveFoundation(Candidate base, Optional<Candidate> known, int number) {
        return known.orElse(base).foundation();
    }

    @Override
    public RemoteTraits learn(RemoteTraits known, CheckForm form, StunMessage message) {
        return form instanceof MsCheckForm && message.has(MsIceAttributes.IMPLEMENTATION_VERSION)
                ? known.with(VERSION, Long.toString(MsCheckForm.version(message)))
                : known;
    }

    @Override
    public String toString() {
        return "MS-ICE2";
    }
}
