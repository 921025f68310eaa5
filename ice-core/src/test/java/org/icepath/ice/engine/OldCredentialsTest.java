// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Addresses;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.api.Test;

/** Checks for credentials under which a peer is known, by somebody who is not (RFC 8445 §7.3): a browser that restarts, or a later fork. */
class OldCredentialsTest {

    private static final Duration ROUND_TRIP = Duration.ofMillis(50);

    private final CallScene scene = new CallScene(21);
    private final VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
    private final VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());

    private ByteBuffer check(IceCredentials whose, String sender) {
        return StunWriter.into(ByteBuffer.allocate(200))
                .request(StunMethod.BINDING, TransactionId.next(scene.network().random()))
                .put(Attributes.USERNAME, whose.ufrag() + ":" + sender)
                .put(Attributes.PRIORITY, 1_000_000L)
                .put(Attributes.ICE_CONTROLLED, 1L)
                .integrity(IntegrityKey.shortTerm(whose.password()))
                .fingerprint()
                .finish();
    }

    // Chromium 156 pairs a restart's new sockets with our old candidates until our answer is there. What succeeds is
    // selected, and no new pair is made for that address any more: it stayed on our old credentials for ever
    @Test
    void aRestartingPeerGetsNoAnswerUnderOurOldCredentials() {
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        IceCredentials old = alice.engine().credentials();
        VirtualSocket gatheredAnew = bob.host().socket(Addresses.literal("198.51.100.11"), 0);

        gatheredAnew.send(alice.bases().get(0).base().address(), check(old, "fresh"));
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(gatheredAnew.received()).isEmpty();
        String known = bob.engine().credentials().ufrag();
        gatheredAnew.send(alice.bases().get(0).base().address(), check(old, known));
        scene.network().runFor(ROUND_TRIP);
        assertThat(gatheredAnew.received()).as("control").isNotEmpty();
    }

    // The check of a fork whose answer is late waits no longer than that
    @Test
    void aLaterForkIsAnsweredWhenItsDescriptionIsThere() {
        IceDescription offer = offerOf(alice);
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", audio());
        IceDescription bobs = answer(bob, offer);
        alice.accept(VirtualCall.travelled(bobs), IceRole.CONTROLLING);
        IceDescription carols = answer(carol, offer);
        scene.network().runFor(Duration.ofMillis(700));
        assertThat(carol.state(1)).isEqualTo(IceState.CHECKING);

        int peer = alice.accept(VirtualCall.travelled(carols), IceRole.CONTROLLING);
        scene.network().runFor(ROUND_TRIP);

        assertThat(carol.state(1)).isIn(IceState.CONNECTED, IceState.COMPLETED);
        scene.network().runFor(ROUND_TRIP);
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(carol.state(1)).isEqualTo(IceState.COMPLETED);
    }

    private IceDescription offerOf(VirtualPhone caller) {
        caller.gather();
        scene.network().runUntil(caller::described, Duration.ofSeconds(2));
        return caller.describe();
    }

    private IceDescription answer(VirtualPhone phone, IceDescription offer) {
        phone.gather();
        scene.network().runUntil(phone::described, Duration.ofSeconds(2));
        int caller = phone.accept(VirtualCall.travelled(offer), IceRole.CONTROLLED);
        return phone.perform(now -> phone.engine().signalling().describe(now, caller));
    }
}
