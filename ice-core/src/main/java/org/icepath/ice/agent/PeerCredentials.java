// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckForm;
import org.icepath.stun.auth.IntegrityKey;

/** The credentials of checks on one stream, made ready for the wire: towards the peer and from it (RFC 8445 §7.2.2). */
final class PeerCredentials {

    /** Longest USERNAME in bytes (RFC 8489 §14.3). */
    private static final int MAX_USERNAME = 508;

    private final String localUfrag;
    private final IceCredentials remote;
    private final IntegrityKey remoteKey;
    private final List<Names> names = new ArrayList<>(1);

    /** The two USERNAMEs of one form. */
    private static final class Names {
        private final CheckForm form;
        private final byte[] outgoing;
        private final byte[] incoming;

        Names(CheckForm form, String outgoing, String incoming) {
            this.form = form;
            this.outgoing = outgoing.getBytes(StandardCharsets.UTF_8);
            this.incoming = incoming.getBytes(StandardCharsets.UTF_8);
        }
    }

    PeerCredentials(String localUfrag, IceCredentials remote) {
        this.localUfrag = localUfrag;
        this.remote = remote;
        this.remoteKey = IntegrityKey.shortTerm(remote.password());
    }

    IceCredentials remote() {
        return remote;
    }

    /** The key of our requests and of the answers to them: the peer's password. */
    IntegrityKey remoteKey() {
        return remoteKey;
    }

    /** The USERNAME of our requests. */
    byte[] outgoing(CheckForm form) {
        return names(form).outgoing;
    }

    /** The USERNAME of the peer's requests. */
    byte[] incoming(CheckForm form) {
        return names(form).incoming;
    }

    /** Whether the peer's fragment is short enough for a USERNAME in all {@code forms}. */
    boolean fits(List<CheckForm> forms) {
        return forms.stream().allMatch(form -> outgoing(form).length <= MAX_USERNAME);
    }

    private Names names(CheckForm form) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).form.equals(form)) {
                return names.get(i);
            }
        }
        Names made =
                new Names(form, form.username(remote.ufrag(), localUfrag), form.username(localUfrag, remote.ufrag()));
        names.add(made);
        return made;
    }
}
