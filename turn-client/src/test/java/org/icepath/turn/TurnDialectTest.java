// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.MAPPED_ADDRESS;
import static org.icepath.stun.Attributes.MESSAGE_INTEGRITY;
import static org.icepath.stun.Attributes.SOFTWARE;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.junit.jupiter.api.Test;

/** The questions of {@link TurnDialect}, answered otherwise by a dialect that nobody speaks. */
class TurnDialectTest {

    private static final StunMethod PREFER = new StunMethod(0x00F);

    private static final TurnDialect TOY = new TurnDialect() {
        @Override
        public void addAttributes(StunWriter writer, StunMethod method) {
            writer.put(SOFTWARE, "toy " + method.name());
        }

        @Override
        public Optional<InetSocketAddress> relayedAddress(StunMessage success) {
            return success.get(MAPPED_ADDRESS);
        }

        @Override
        public Optional<InetSocketAddress> mappedAddress(StunMessage success) {
            return Optional.empty();
        }

        @Override
        public StunMethod refreshMethod() {
            return StunMethod.ALLOCATE;
        }

        @Override
        public boolean needsPermissions() {
            return false;
        }

        @Override
        public PeerBinding peerBinding() {
            return PeerBinding.ACTIVE_DESTINATION;
        }

        @Override
        public StunMethod bindMethod() {
            return PREFER;
        }

        @Override
        public void writeBinding(StunWriter writer, InetSocketAddress peer, int channel) {
            writer.put(XOR_PEER_ADDRESS, peer);
        }
    };

    private final TurnScene scene = new TurnScene(1, TurnScene.SERVER, TOY);
    private final InetSocketAddress relayed = new InetSocketAddress("192.0.2.7", 7_777);
    private final List<String> software = new ArrayList<>();

    TurnDialectTest() {
        scene.server.script((request, from) -> {
            software.add(request.get(SOFTWARE).orElse(""));
            if (!request.has(MESSAGE_INTEGRITY)) {
                return false;
            }
            StunWriter answer = scene.server.success(request).put(MAPPED_ADDRESS, relayed);
            scene.server.send(
                    from,
                    answer.putUint32(LIFETIME, request.uint32(LIFETIME, 600)).integrity(ScriptedServer.KEY));
            return true;
        });
        scene.allocated();
    }

    @Test
    void extraAttributesGoIntoEveryRequest() {
        scene.bind(scene.peer.address());
        scene.runFor(Duration.ofSeconds(1));

        assertThat(software).containsExactly("toy Allocate", "toy Allocate", "toy " + PREFER.name());
    }

    @Test
    void theRelayedAddressIsWhereTheDialectFindsIt() {
        assertThat(scene.allocation.relayBase())
                .hasValueSatisfying(base -> assertThat(base.address()).isEqualTo(relayed));
        assertThat(scene.allocation.mappedAddress()).hasValue(scene.base.address());
    }

    @Test
    void whatRefreshesAndReleasesIsTheDialectsMethod() {
        scene.runFor(Duration.ofSeconds(560));
        scene.release();
        scene.runFor(Duration.ofSeconds(1));

        assertThat(scene.server.seen(StunMethod.REFRESH)).isEmpty();
        assertThat(scene.server.seen(StunMethod.ALLOCATE))
                .extracting(ScriptedServer.Seen::lifetime)
                .containsExactly(-1L, -1L, 600L, 0L);
        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
    }

    @Test
    void noPermissionIsAskedForWhereNoneIsNeeded() {
        scene.permit(scene.peer.address().getAddress());
        scene.runFor(Duration.ofMinutes(30));

        assertThat(scene.server.seen(StunMethod.CREATE_PERMISSION)).isEmpty();
        assertThat(scene.client.events(TurnEvent.PermissionGranted.class)).hasSize(1);
    }

    @Test
    void theActiveDestinationsDataIsCarriedAsItIs() {
        List<String> atServer = new ArrayList<>();
        scene.bind(scene.peer.address());
        scene.await(TurnEvent.ChannelBound.class);
        scene.server.socket.onReceive((from, bytes) -> atServer.add(ScriptedServer.text(bytes)));

        scene.send(scene.peer.address(), "bare");
        scene.server.socket.send(scene.base.address(), ByteBuffer.wrap("back".getBytes(US_ASCII)));
        scene.runFor(Duration.ofSeconds(1));

        assertThat(atServer).containsExactly("bare");
        assertThat(scene.received).containsExactly("back from 5000 at base 99");
        assertThat(scene.allocation.channelFor(scene.peer.address())).isZero();
    }
}
