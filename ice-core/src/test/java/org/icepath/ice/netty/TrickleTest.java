// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trickling by the verbs of the façade, on real sockets (RFC 8838, RFC 8840). */
class TrickleTest {

    private final IceRuntime runtime = Icepath.start();
    private final EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));

    @AfterEach
    void close() {
        runtime.close();
        edge.close();
    }

    /** The relay comes after the host candidate, so that a description at once is without it. */
    private IceConfig config() {
        return IceConfig.create().stream("audio", 1)
                .localAddress(InetAddress.getLoopbackAddress())
                .gatherDeadline(Duration.ofSeconds(10)) // a machine with much to do may take longer than usual
                .turnServer(TurnServer.parse("turn:127.0.0.1:" + edge.address().getPort())
                        .credentials("alice", "secret"));
    }

    private static List<CandidateType> types(IceDescription description) {
        return description.streams().get(0).candidates().stream()
                .map(Candidate::type)
                .toList();
    }

    private static void carry(IcePeer from, IcePeer to) throws Exception {
        to.addCandidates(IceSdp.parseFragment(IceSdp.formatFragment(await(from.fragment()))));
    }

    // RFC 8838 §4: the offer goes out with the host candidate;
    // what comes later goes in fragments, one INFO for each event
    @Test
    void fragmentsCarryToThePeerWhatTheOfferDidNotHave() throws Exception {
        IceConfig trickling = config().trickle().relayOnly();
        try (IceSession alice = runtime.open(config().trickle());
                IceSession bob = runtime.open(trickling)) {
            IceDescription offer = carried(await(alice.offer()));
            IceAnswer answer = await(bob.answer(offer));
            IcePeer toBob = alice.accept(carried(answer.description()));
            bob.onEvent(event -> trickle(event, answer.peer(), toBob));
            alice.onEvent(event -> trickle(event, toBob, answer.peer()));
            carry(answer.peer(), toBob);
            carry(toBob, answer.peer());

            await(toBob.path("audio", 1).selected());
            await(answer.peer().path("audio", 1).selected());

            assertThat(toBob.path("audio", 1).current().orElseThrow().remote().type())
                    .isEqualTo(CandidateType.RELAYED);
        }
    }

    private static void trickle(IceEvent event, IcePeer from, IcePeer to) {
        if (event instanceof IceEvent.CandidateGathered || event instanceof IceEvent.GatheringCompleted) {
            // on the event loop, where nobody may wait
            from.fragment().thenAccept(to::addCandidates);
        }
    }

    // RFC 8838 §4.1: a peer that does not say that it trickles must be told everything
    @Test
    void anOfferThatDoesNotTrickleIsAnsweredInFull() throws Exception {
        try (IceSession alice = runtime.open(config());
                IceSession bob = runtime.open(config().trickle())) {
            IceAnswer answer = await(bob.answer(carried(await(alice.offer()))));

            assertThat(types(answer.description())).contains(CandidateType.RELAYED);
        }
    }

    // RFC 8838 §16
    @Test
    void anOfferOfHalfTricklingIsFullAndTakesWhatIsTrickled() throws Exception {
        try (IceSession alice = runtime.open(config().halfTrickle());
                IceSession bob = runtime.open(config().trickle())) {
            IceDescription offer = carried(await(alice.offer()));
            IceAnswer answer = await(bob.answer(offer));

            assertThat(types(offer)).contains(CandidateType.RELAYED);
            assertThat(offer.offers(IceDescription.TRICKLE)).isTrue();
            assertThat(offer.streams().get(0).endOfCandidates()).isTrue();
            IcePeer toBob = alice.accept(carried(answer.description()));
            carry(answer.peer(), toBob);
            await(toBob.path("audio", 1).selected());
        }
    }
}
