// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static org.icepath.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY_DRAFT;
import static org.icepath.stun.Attributes.DONT_FRAGMENT;
import static org.icepath.stun.Attributes.EVEN_PORT;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.MOBILITY_TICKET;
import static org.icepath.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static org.icepath.stun.Attributes.REQUESTED_TRANSPORT;
import static org.icepath.stun.Attributes.RESERVATION_TOKEN;

import org.icepath.stun.AddressFamily;
import org.icepath.stun.StunWriter;

/**
 * What an Allocate request asks for now; less than the settings say where a server did not know some of it.
 *
 * @param settings what was asked for at first
 * @param dontFragment whether DONT-FRAGMENT is still asked for
 * @param mobile whether a mobility ticket is still asked for
 */
public record AllocationWish(AllocationSettings settings, boolean dontFragment, boolean mobile) {

    private static final int TCP_PROTOCOL = 6;
    private static final int UDP_PROTOCOL = 17;
    private static final byte[] NO_TICKET = {};

    /** Writes it as the standard does (RFC 8656 §7.1). */
    public void write(StunWriter writer) {
        AllocationOptions options = settings.options();
        boolean overTcp = options.transport() instanceof RelayedTransport.Tcp;
        writer.put(REQUESTED_TRANSPORT, overTcp ? TCP_PROTOCOL : UDP_PROTOCOL);
        if (settings.lifetimeSeconds() != 0) {
            writer.putUint32(LIFETIME, settings.lifetimeSeconds());
        }
        if (dontFragment) {
            writer.put(DONT_FRAGMENT);
        }
        if (mobile) {
            writer.putBytes(MOBILITY_TICKET, NO_TICKET); // RFC 8016 §3.1.1: the empty one asks for one
        }
        if (options.port() instanceof PortRequest.Reserved reserved) {
            writer.putUint64(RESERVATION_TOKEN, reserved.token());
            return; // the port has its family already
        }
        if (options.port() instanceof PortRequest.Even even) {
            writer.put(EVEN_PORT, even.reserveNext());
        }
        writeFamily(writer, options);
    }

    private void writeFamily(StunWriter writer, AllocationOptions options) {
        if (options.bothFamilies()) {
            writer.put(ADDITIONAL_ADDRESS_FAMILY, AddressFamily.IPV6);
            // Servers in the field know it by the number that it had before it became RFC 8656 (seen: coturn 4.6.1).
            writer.put(ADDITIONAL_ADDRESS_FAMILY_DRAFT, AddressFamily.IPV6);
        } else if (settings.family() != AddressFamily.IPV4) {
            writer.put(REQUESTED_ADDRESS_FAMILY, settings.family());
        }
    }
}
