// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A rule that swallows packets of a zone while it is in force: a firewall, an outage, a path that opens late.
 *
 * <p>It sees a packet when it enters the zone, with the addresses that it has there, and says nothing to the sender.
 */
public final class Block {

    private final VirtualNetwork network;
    private final Predicate<VirtualPacket> condition;
    private boolean inForce = true;

    Block(VirtualNetwork network, Predicate<VirtualPacket> condition) {
        this.network = network;
        this.condition = condition;
    }

    /** Picks the packets between two addresses, either way. */
    public static Predicate<VirtualPacket> between(String one, String other) {
        InetAddress a = Addresses.literal(one);
        InetAddress b = Addresses.literal(other);
        return packet -> {
            InetAddress source = packet.source().getAddress();
            InetAddress destination = packet.destination().getAddress();
            return (source.equals(a) && destination.equals(b)) || (source.equals(b) && destination.equals(a));
        };
    }

    /** Picks the packets from or to an address. */
    public static Predicate<VirtualPacket> of(String address) {
        InetAddress a = Addresses.literal(address);
        return packet -> packet.source().getAddress().equals(a)
                || packet.destination().getAddress().equals(a);
    }

    /** Picks datagrams: what a firewall does that lets TCP through alone. */
    public static Predicate<VirtualPacket> udp() {
        return packet -> !packet.isTcp();
    }

    /** Lets packets pass from now on. */
    public void lift() {
        inForce = false;
    }

    /** Swallows packets again from now on. */
    public void enforce() {
        inForce = true;
    }

    /** Lets packets pass from {@code delay} after now on. */
    public Block liftAfter(Duration delay) {
        network.after(delay, this::lift);
        return this;
    }

    boolean stops(VirtualPacket packet) {
        return inForce && condition.test(packet);
    }
}
