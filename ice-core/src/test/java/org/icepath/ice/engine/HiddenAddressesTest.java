// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.NamedAddress;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.Test;

/** Host addresses behind names under .local (draft-ietf-mmusic-mdns-ice-candidates), with a link that knows all names at once. */
class HiddenAddressesTest {

    private static final String IN_THE_LAN = "192.168.1.10";

    private final CallScene scene = new CallScene(6762);
    private final Map<String, InetAddress> link = new HashMap<>();

    private VirtualPhone onTheLink(VirtualPhone phone) {
        phone.node().onEvent(event -> {
            if (event instanceof EngineEvent.PublishName ours) {
                link.put(ours.name(), ours.ip());
            } else if (event instanceof EngineEvent.ResolveName wanted) {
                scene.network().after(Duration.ofMillis(5), () -> answer(phone, wanted));
            }
        });
        return phone;
    }

    private void answer(VirtualPhone phone, EngineEvent.ResolveName wanted) {
        InetAddress ip = link.get(wanted.candidate().address().host());
        phone.perform(now -> {
            if (ip == null) {
                phone.engine().trickle().remoteUnresolved(now, wanted, "nobody answered");
            } else {
                phone.engine().trickle().remoteResolved(now, wanted, ip);
            }
            return true;
        });
    }

    // §3.1.1: a random name for each address, in the candidate and nowhere else.
    @Test
    void anOfferHoldsNoHostAddress() {
        VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.FULL_CONE);
        VirtualPhone alice = onTheLink(scene.behind(nat, "alice", IN_THE_LAN, withStun(audio().hideHostAddresses())));
        alice.gather();
        scene.network().runUntil(alice::described, Duration.ofSeconds(2));

        String offer = IceSdp.format(alice.describe());

        assertThat(offer).doesNotContain(IN_THE_LAN).contains("203.0.113.1");
        assertThat(link.values()).containsExactly(alice.host().addresses().get(0));
        String name = link.keySet().iterator().next();
        assertThat(name).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.local");
        assertThat(offer).contains(name);
        assertThat(reflexive(alice).relatedAddress()).contains(CandidateAddress.of("0.0.0.0", 9));
        assertThat(alice.heard(IceEvent.CandidateGathered.class))
                .as("what is trickled is hidden, too")
                .filteredOn(event -> event.candidate().type() == CandidateType.HOST)
                .allMatch(event -> event.candidate().address() instanceof NamedAddress);
    }

    @Test
    void twoHiddenPhonesOfOneLinkConnectDirectly() {
        IceConfig hidden = audio().hideHostAddresses();
        VirtualPhone alice = onTheLink(scene.publicly("alice", "198.51.100.10", hidden));
        VirtualPhone bob = onTheLink(scene.publicly("bob", "198.51.100.11", hidden));

        VirtualCall call = scene.call(alice, bob);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        assertThat(link).hasSize(2);
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(alice.engine().signalling().pendingOffer(1))
                .as("a name is never the default destination: offering it again would change nothing")
                .isEmpty();
    }

    // No exception, no wait: the other candidates carry the call.
    @Test
    void aNameThatNobodyAnswersForIsNotedAndTheRestGoesOn() {
        VirtualPhone alice = onTheLink(scene.publicly("alice", "198.51.100.10", audio()));
        VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.FULL_CONE);
        VirtualPhone bob = onTheLink(scene.behind(nat, "bob", IN_THE_LAN, withStun(audio().hideHostAddresses())));
        bob.node().onEvent(event -> link.clear());

        VirtualCall call = scene.call(alice, bob);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        assertThat(alice.heard(IceEvent.Ignored.class))
                .anyMatch(event -> event.reason().contains(".local"));
    }

    private static Candidate reflexive(VirtualPhone phone) {
        Optional<Candidate> found = phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                .findFirst();
        return found.orElseThrow();
    }
}
