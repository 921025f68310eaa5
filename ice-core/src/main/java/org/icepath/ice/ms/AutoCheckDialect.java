// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.CheckForm;
import org.icepath.ice.RemoteTraits;
import org.icepath.sdp.ms.MsSdpDialect;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;

/**
 * Checks for a peer of which nothing is known. Its description decides first; else both forms go out, the one that its own checks
 * have first, until an answer has verified under its form. An answer that says nothing under a key settles nothing.
 */
final class AutoCheckDialect implements CheckDialect {

    static final AutoCheckDialect INSTANCE = new AutoCheckDialect();

    /** The dialect that we have settled on. */
    static final String SETTLED = "dialect";

    /** The dialect of the peer's last check. */
    private static final String HEARD = "dialect of its checks";

    static final String RFC = "RFC 8445";
    static final String MS = MsSdpDialect.NAME;

    private AutoCheckDialect() {}

    @Override
    public List<CheckForm> forms(RemoteTraits traits) {
        CheckForm ms = MsCheckDialect.INSTANCE.forms(traits).get(0);
        Optional<String> settled = traits.fact(SETTLED);
        if (settled.isPresent()) {
            return List.of(settled.get().equals(MS) ? ms : CheckForm.RFC8445);
        }
        boolean msFirst = traits.fact(HEARD).filter(MS::equals).isPresent();
        return msFirst ? List.of(ms, CheckForm.RFC8445) : List.of(CheckForm.RFC8445, ms);
    }

    /** Marks decide; what has none is the standard's, if its integrity is. */
    @Override
    public List<CheckForm> readableForms() {
        return List.of(MsCheckForm.VERSION_2, MsCheckForm.VERSION_3, CheckForm.RFC8445, MsCheckForm.UNMARKED);
    }

    @Override
    public boolean mayBeRead(CheckForm form, RemoteTraits traits) {
        return traits.fact(SETTLED).map(dialectOf(form)::equals).orElse(true);
    }

    private static String dialectOf(CheckForm form) {
        return form instanceof MsCheckForm ? MS : RFC;
    }

    @Override
    public boolean sendsCompanions(RemoteTraits traits) {
        boolean standard = traits.fact(SETTLED).filter(RFC::equals).isPresent();
        return !standard && MsCheckDialect.INSTANCE.sendsCompanions(traits);
    }

    @Override
    public Foundation peerReflexiveFoundation(Candidate base, Optional<Candidate> known, int number) {
        return MsCheckDialect.INSTANCE.peerReflexiveFoundation(base, known, number);
    }

    /** {@code ice2} is what only the standard has; its own tokens are what only the vendor's clients write (specified, seen). */
    @Override
    public RemoteTraits learn(RemoteTraits known, IceDescription description) {
        if (known.fact(SETTLED).isPresent()) {
            return known;
        }
        if (description.offers(IceDescription.ICE2)) {
            return known.with(SETTLED, RFC);
        }
        return description.marks().contains(MsSdpDialect.NAME) ? known.with(SETTLED, MS) : known;
    }

    @Override
    public RemoteTraits learn(RemoteTraits known, CheckForm form, StunMessage message) {
        RemoteTraits more = MsCheckDialect.INSTANCE.learn(known, form, message);
        if (known.fact(SETTLED).isPresent()) {
            return more;
        }
        return message.messageClass() == StunClass.SUCCESS
                ? more.with(SETTLED, dialectOf(form))
                : more.with(HEARD, dialectOf(form));
    }

    @Override
    public String toString() {
        return "RFC 8445 or MS-ICE2";
    }
}
