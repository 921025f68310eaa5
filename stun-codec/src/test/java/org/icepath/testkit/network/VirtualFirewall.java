// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.testkit.network.PacketEvent.Fate;

/**
 * A firewall that translates nothing: the addresses inside are known outside, but a packet comes in only from an endpoint that one
 * went to within the last 120 s, as before most IPv6 homes (RFC 6092).
 */
public final class VirtualFirewall {

    private final VirtualNetwork network;
    private final String name;
    private final Zone outside;
    private final Zone inside;
    private final Attachment innerSide;
    private final Attachment outerSide;
    private final Map<List<Object>, Long> lastOut = new HashMap<>();
    private long lifetime = Duration.ofMinutes(2).toNanos();
    private boolean open;

    VirtualFirewall(VirtualNetwork network, String name, Zone outside) {
        this.network = network;
        this.name = name;
        this.outside = outside;
        this.inside = network.zone(name + "-inside");
        this.innerSide = inside.attachGateway(name, this::fromInside);
        this.outerSide = outside.attachRouter(name, inside, this::fromOutside);
    }

    /** The zone behind the firewall. */
    public Zone inside() {
        return inside;
    }

    /** How long an answer is let in after the last packet that went out. */
    public VirtualFirewall lifetime(Duration changed) {
        lifetime = changed.toNanos();
        return this;
    }

    /** Whether everything is let in. */
    public void open(boolean everything) {
        open = everything;
    }

    private void fromInside(VirtualPacket packet) {
        lastOut.put(List.of(packet.isTcp(), packet.source(), packet.destination()), network.now());
        outside.enter(packet, outerSide);
    }

    private void fromOutside(VirtualPacket packet) {
        Long at = lastOut.get(List.of(packet.isTcp(), packet.destination(), packet.source()));
        if (!open && (at == null || network.now() - at >= lifetime)) {
            network.log(Fate.UNSOLICITED, name, packet);
            return;
        }
        inside.enter(packet, innerSide);
    }

    @Override
    public String toString() {
        return name;
    }
}
