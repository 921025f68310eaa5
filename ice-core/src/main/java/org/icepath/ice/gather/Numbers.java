// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the candidates of each stream from 1, in the order in which they are found; the components of one have the same number. Mutable;
 * not thread-safe.
 */
final class Numbers implements FoundationSource {

    private final Map<Key, Foundation> assigned = new HashMap<>();
    private final Map<Integer, Integer> last = new HashMap<>();

    private record Key(
            int stream,
            CandidateType type,
            InetAddress base,
            TransportType transport,
            @Nullable InetAddress server) {}

    @Override
    public Foundation assign(CandidateType type, LocalBase local, InetAddress base, @Nullable InetAddress server) {
        Key key = new Key(local.stream(), type, local.address(), local.transport(), server);
        return assigned.computeIfAbsent(
                key, made -> new Foundation(Integer.toString(last.merge(local.stream(), 1, Integer::sum))));
    }
}
