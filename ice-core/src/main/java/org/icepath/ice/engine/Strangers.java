// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.candidate.CandidateAddress;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.jspecify.annotations.Nullable;

/**
 * What came and was nobody's. Checks that have another name than ours, or a wrong password, are not answered, but tell why a peer and
 * we do not meet: it has read another description than the one that we sent. Packets of the application's protocol from a place that no
 * peer is known by are dropped, and tell why a call is silent: the peer's media come from elsewhere than it says. Not thread-safe.
 */
final class Strangers {

    private static final int LONGEST_NAME = 64;

    private final StunMessage reader;
    private String ufrag = "";
    private long checks;
    private String last = "";
    private long packets;
    private @Nullable InetSocketAddress lastSource;

    /** @param reader in use for no longer than one call */
    Strangers(StunMessage reader) {
        this.reader = reader;
    }

    /** We go by another username fragment from now on. */
    void named(String latest) {
        ufrag = latest;
    }

    /**
     * What was seen.
     *
     * @param checks how many
     * @param last what the last one was, in words; empty without any
     * @param packets how many packets that are no STUN
     * @param source where the last of them came from, in words; empty without any
     */
    record Seen(long checks, String last, long packets, String source) {

        /** What the packets say; empty without any. */
        String strayPackets() {
            return packets == 0
                    ? ""
                    : "%d %s from addresses that no peer is known by, the last from %s"
                            .formatted(packets, packets == 1 ? "packet came" : "packets came", source);
        }
    }

    /** Takes a packet of the application's protocol that nobody else has taken. */
    void packet(InetSocketAddress from) {
        packets++;
        lastSource = from;
    }

    /** Takes a STUN message that nobody else has taken. */
    void note(InetSocketAddress from, ByteBuffer payload) {
        try {
            StunMessage message = reader.wrap(payload);
            if (message.messageClass() == StunClass.REQUEST && message.method().equals(StunMethod.BINDING)) {
                message.get(Attributes.USERNAME).ifPresent(username -> note(from, username));
            }
        } catch (StunParseException rubbish) {
            // whoever sends it is no peer of anybody's
            return;
        }
    }

    private void note(InetSocketAddress from, String username) {
        if (username.endsWith(":" + ufrag)) {
            return; // a check of ours that came back to us: the peer's private address is ours, too
        }
        checks++;
        String where = " from " + CandidateAddress.of(from);
        int colon = username.indexOf(':');
        String name = colon < 0 ? username : username.substring(0, colon);
        last = name.equals(ufrag)
                ? "our name \"" + ufrag + "\" with a password that is not ours," + where
                : "the name \"" + printable(name) + "\" where ours is \"" + ufrag + "\"," + where;
    }

    private static String printable(String name) {
        String cut = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    Seen seen() {
        InetSocketAddress source = lastSource;
        return new Seen(
                checks,
                last,
                packets,
                source == null ? "" : CandidateAddress.of(source).toString());
    }
}
