// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.util.Objects;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;

/**
 * What a {@link CandidateFilter} may look at. Addresses are canonical: an IPv4-mapped IPv6 address is given as IPv4.
 *
 * @param type host, reflexive or relayed
 * @param baseAddress the address on our machine that the candidate sends from
 * @param interfaceName the operating system's name of the interface; empty when unknown
 * @param interfaceKind what the interface looks like
 */
public record CandidateFacts(
        CandidateType type, InetAddress baseAddress, String interfaceName, InterfaceKind interfaceKind) {

    public CandidateFacts {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(baseAddress, "baseAddress");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(interfaceKind, "interfaceKind");
    }
}
