// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.util.function.Consumer;

/** Where something is plugged into a zone: its link in both directions and what takes the packets that come out of it. */
final class Attachment {

    final Zone zone;
    final String name;
    private final Link up;
    private final Link down;
    private final Consumer<VirtualPacket> receiver;

    Attachment(Zone zone, String name, LinkConditions conditions, Consumer<VirtualPacket> receiver) {
        this.zone = zone;
        this.name = name;
        this.up = new Link(conditions);
        this.down = new Link(conditions);
        this.receiver = receiver;
    }

    void conditions(LinkConditions outgoing, LinkConditions incoming) {
        up.conditions(outgoing);
        down.conditions(incoming);
    }

    Link up() {
        return up;
    }

    Link down() {
        return down;
    }

    void arrive(VirtualPacket packet) {
        receiver.accept(packet);
    }
}
