// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;

/** Two phones in a dialog that stands, and further offers and answers between them. */
final class Dialogs {

    private final CallScene scene;
    private final VirtualCall call;

    private Dialogs(CallScene scene, VirtualCall call) {
        this.scene = scene;
        this.call = call;
    }

    static Dialogs connected(CallScene scene, IceConfig alice, IceConfig bob) {
        VirtualCall call = scene.call(
                        scene.publicly("alice", "198.51.100.10", alice), scene.publicly("bob", "198.51.100.11", bob))
                .offeringByHand();
        Dialogs dialogs = new Dialogs(scene, call);
        if (!call.runUntilCompleted(Duration.ofSeconds(5))) {
            throw new AssertionError("not connected\n" + scene.network().dump());
        }
        return dialogs;
    }

    VirtualCall call() {
        return call;
    }

    VirtualPhone alice() {
        return call.caller();
    }

    VirtualPhone bob() {
        return call.callee();
    }

    /** The remote as alice numbers it. */
    int toBob() {
        return call.callerPeer();
    }

    /** The remote as bob numbers it. */
    int toAlice() {
        return call.calleePeer();
    }

    IceDescription aliceOffers() {
        return alice().perform(now -> alice().engine().signalling().offer(now, toBob()));
    }

    IceDescription bobAnswers(IceDescription offer) {
        return bob().answer(toAlice(), VirtualCall.travelled(offer));
    }

    void aliceAccepts(IceDescription answer) {
        alice().update(toBob(), VirtualCall.travelled(answer));
    }

    /** A whole exchange: alice offers what {@code edit} makes of her description; returns bob's answer. */
    IceDescription exchange(java.util.function.UnaryOperator<IceDescription> edit) {
        IceDescription answer = bobAnswers(edit.apply(aliceOffers()));
        aliceAccepts(answer);
        return answer;
    }

    void run(Duration time) {
        scene.network().runFor(time);
    }

    /** The description with another c= address and m= port in one stream. */
    static IceDescription at(IceDescription description, int stream, CandidateAddress destination) {
        StreamDescription changed = description.streams().get(stream).toBuilder()
                .destination(destination)
                .build();
        return description.toBuilder().replaceStream(changed).build();
    }

    /** The description with one stream removed: port 0, and no word of ICE. */
    static IceDescription removing(IceDescription description, int stream) {
        return withoutIce(description, stream, CandidateAddress.of("0.0.0.0", 0));
    }

    /** The description with one stream at a place that has no word of ICE. */
    static IceDescription withoutIce(IceDescription description, int stream, CandidateAddress destination) {
        StreamDescription was = description.streams().get(stream);
        StreamDescription.Builder plain =
                StreamDescription.builder(stream).mediaLine(was.mediaLine()).destination(destination);
        was.mid().ifPresent(plain::mid);
        return description.toBuilder().replaceStream(plain.build()).build();
    }

    /** As a telephone without ICE would have said it. */
    static IceDescription withoutIce(IceDescription description) {
        StringBuilder plain = new StringBuilder();
        for (String line : IceSdp.format(description).split("\r\n")) {
            boolean ice = line.startsWith("a=ice-") || line.startsWith("a=candidate") || line.startsWith("a=remote-c");
            if (!ice) {
                plain.append(line).append("\r\n");
            }
        }
        return IceSdp.parse(plain.toString()).description();
    }
}
