// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.util.Objects;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;

/**
 * What a {@link CandidateFilter} may look at. Addresses are canonical: an IPv4-mapped IPv6 address is given as IPv4.
 *
 * @param type host, reflexive or relayed
 * @param transport UDP, or TCP and which side opens connections
 * @param baseAddress the address on our machine that the candidate sends from
 * @param address the candidate's own address where that is of another family than the base's, as of a relayed one may be; else that of
 *     the base, since no server has said more when a filter is asked whether anybody is to be asked at all
 * @param interfaceName the operating system's name of the interface; empty when unknown
 * @param interfaceKind what the interface looks like
 */
public record CandidateFacts(
        CandidateType type,
        TransportType transport,
        InetAddress baseAddress,
        InetAddress address,
        String interfaceName,
        InterfaceKind interfaceKind) {

    /** Of a UDP candidate. */
    public CandidateFacts(
            CandidateType type, InetAddress baseAddress, String interfaceName, InterfaceKind interfaceKind) {
        this(type, TransportType.UDP, baseAddress, baseAddress, interfaceName, interfaceKind);
    }

    public CandidateFacts {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(baseAddress, "baseAddress");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(interfaceKind, "interfaceKind");
    }
}
