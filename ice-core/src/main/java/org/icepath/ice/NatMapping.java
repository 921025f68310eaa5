// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.util.Objects;
import org.icepath.candidate.CandidateType;

/**
 * A NAT that maps one local address to one external address and keeps ports, as the machines of cloud providers have it: no STUN server
 * is needed to learn what is known beforehand.
 *
 * @param internal the address that sockets are bound to
 * @param external where the peer finds it, with the same port; of the same family
 * @param type {@link CandidateType#HOST}: the external address is told in place of the internal one, which stays unknown;
 *     {@link CandidateType#SERVER_REFLEXIVE}: both are told, for peers on either side of the NAT (RFC 8445 §5.1.1.2)
 */
public record NatMapping(InetAddress internal, InetAddress external, CandidateType type) {

    /**
     * Checks them all.
     *
     * @throws IllegalArgumentException when the addresses are of two families, the external one is no host's, or the type is another
     */
    public NatMapping {
        Objects.requireNonNull(internal, "internal");
        Objects.requireNonNull(external, "external");
        Objects.requireNonNull(type, "type");
        if (internal.getAddress().length != external.getAddress().length) {
            throw new IllegalArgumentException(
                    "from " + internal.getHostAddress() + " to " + external.getHostAddress() + ", expected one family");
        }
        if (external.isAnyLocalAddress() || external.isMulticastAddress()) {
            throw new IllegalArgumentException("external address " + external.getHostAddress() + ", expected a host's");
        }
        if (type != CandidateType.HOST && type != CandidateType.SERVER_REFLEXIVE) {
            throw new IllegalArgumentException("type " + type + ", expected host or server-reflexive");
        }
    }

    /** The external address takes the place of the internal one: the only choice of a lite agent, and of one that has something to hide. */
    public static NatMapping host(InetAddress internal, InetAddress external) {
        return new NatMapping(internal, external, CandidateType.HOST);
    }

    /** The external address stands beside the internal one, as if a STUN server had told it. */
    public static NatMapping reflexive(InetAddress internal, InetAddress external) {
        return new NatMapping(internal, external, CandidateType.SERVER_REFLEXIVE);
    }
}
