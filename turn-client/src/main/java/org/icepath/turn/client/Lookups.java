// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.net.NameResolver;
import org.icepath.net.NamingRecord;
import org.icepath.net.ResolvedName;
import org.icepath.net.ServiceRecord;

/** What {@link ServerDiscovery} asks of DNS. None of the futures fails; any thread may ask. */
public interface Lookups {

    /** The addresses of a name or literal. */
    CompletableFuture<ResolvedName> addresses(String name);

    /** The service records of a name; empty if there are none or no answer came soon. */
    CompletableFuture<List<ServiceRecord>> services(String name);

    /** The naming records of a name; likewise. */
    CompletableFuture<List<NamingRecord>> namings(String name);

    /**
     * Lookups by a resolver.
     *
     * @param addressDeadline how long addresses may take
     */
    static Lookups of(NameResolver names, Duration addressDeadline) {
        return new Lookups() {
            @Override
            public CompletableFuture<ResolvedName> addresses(String name) {
                return names.resolve(name, addressDeadline);
            }

            @Override
            public CompletableFuture<List<ServiceRecord>> services(String name) {
                return names.services(name);
            }

            @Override
            public CompletableFuture<List<NamingRecord>> namings(String name) {
                return names.namings(name);
            }
        };
    }
}
