// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Objects;

/**
 * What an allocation may be asked for beside a relayed address. Immutable.
 *
 * @param renewsCredentials whether {@link TurnEvent.CredentialsWanted} is answered when the server takes ours no longer
 * @param bothFamilies whether an IPv6 address is wanted beside the IPv4 one (RFC 8656 §7.1, ADDITIONAL-ADDRESS-FAMILY)
 * @param port which port is wanted
 * @param dontFragment whether {@link TurnAllocation#transmitWhole} is wanted (RFC 8656 §14, DONT-FRAGMENT)
 * @param mobile whether {@link TurnAllocation#moveTo} is wanted (RFC 8016)
 * @param transport how the relay speaks to peers
 * @param anyFamily whether an address of the other family is wanted where the server does not relay the one that was asked for (440)
 */
public record AllocationOptions(
        boolean renewsCredentials,
        boolean bothFamilies,
        PortRequest port,
        boolean dontFragment,
        boolean mobile,
        RelayedTransport transport,
        boolean anyFamily) {

    /** Nothing beside. */
    public static final AllocationOptions NONE =
            new AllocationOptions(false, false, PortRequest.ANY, false, false, RelayedTransport.UDP, false);

    /** @throws IllegalArgumentException if a server would refuse the combination (RFC 8656 §7.1) */
    public AllocationOptions {
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(transport, "transport");
        boolean reserves = port instanceof PortRequest.Reserved || port.equals(PortRequest.EVEN_AND_NEXT);
        if (bothFamilies && reserves) {
            throw new IllegalArgumentException("a reserved port is of one family");
        }
        boolean datagramsOnly = dontFragment || mobile || !port.equals(PortRequest.ANY);
        if (transport instanceof RelayedTransport.Tcp && datagramsOnly) {
            throw new IllegalArgumentException("ports, DONT-FRAGMENT (RFC 6062 §4.1) and mobility are for datagrams");
        }
    }

    /** The same, with somebody who listens to {@link TurnEvent.CredentialsWanted}. */
    public AllocationOptions withRenewedCredentials() {
        return new AllocationOptions(true, bothFamilies, port, dontFragment, mobile, transport, anyFamily);
    }

    /** The same with an IPv6 address beside the IPv4 one, as far as the server has both. */
    public AllocationOptions withBothFamilies() {
        return new AllocationOptions(renewsCredentials, true, port, dontFragment, mobile, transport, anyFamily);
    }

    /** The same with another port. */
    public AllocationOptions withPort(PortRequest wanted) {
        return new AllocationOptions(
                renewsCredentials, bothFamilies, wanted, dontFragment, mobile, transport, anyFamily);
    }

    /** The same, able to send what no router on the way to the peer may fragment, as far as the server is. */
    public AllocationOptions withDontFragment() {
        return new AllocationOptions(renewsCredentials, bothFamilies, port, true, mobile, transport, anyFamily);
    }

    /** The same, able to move to another local address and port, as far as the server lets it. */
    public AllocationOptions withMobility() {
        return new AllocationOptions(renewsCredentials, bothFamilies, port, dontFragment, true, transport, anyFamily);
    }

    /** The same with another way to speak to peers; over TCP the server must be reached over TCP or TLS (RFC 6062 §4.1). */
    public AllocationOptions withTransport(RelayedTransport other) {
        return new AllocationOptions(renewsCredentials, bothFamilies, port, dontFragment, mobile, other, anyFamily);
    }

    /** The same, with an address of the other family where the server does not relay the one that is asked for. */
    public AllocationOptions withAnyFamily() {
        return new AllocationOptions(renewsCredentials, bothFamilies, port, dontFragment, mobile, transport, true);
    }

    /** The same with one family. */
    AllocationOptions withOneFamily() {
        return new AllocationOptions(renewsCredentials, false, port, dontFragment, mobile, transport, anyFamily);
    }
}
