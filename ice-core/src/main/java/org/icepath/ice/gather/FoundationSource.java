// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Foundations;
import org.jspecify.annotations.Nullable;

/** Gives the candidates of a session their foundations. Not thread-safe. */
@FunctionalInterface
interface FoundationSource {

    /**
     * The foundation of a candidate, should it be added.
     *
     * @param own the candidate's own address
     * @param server where it came from; null for a host candidate
     */
    Foundation assign(CandidateType type, LocalBase local, InetAddress own, CandidateBook.@Nullable Server server);

    /** The candidate whose foundation was assigned last has been added: it was neither redundant nor one too many. */
    default void added() {}

    /** By type, base, protocol and server alone, whatever the stream (RFC 8445 §5.1.1.3). */
    static FoundationSource perAgent() {
        Foundations assigned = new Foundations();
        return (type, local, own, server) -> {
            InetAddress base = type == CandidateType.RELAYED ? own : local.address();
            return server == null
                    ? assigned.assign(type, base, local.transport())
                    : assigned.assign(type, base, local.transport(), server.address());
        };
    }
}
