// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Objects;
import org.icepath.candidate.InterfaceKind;
import org.icepath.sansio.Base;

/**
 * A socket that the shell has bound for one component of one stream.
 *
 * @param stream place of the stream in {@code IceConfig.streams()}, from 0
 * @param component 1 and up
 * @param base the socket; its id is unique in the session and stays below 2^32, which leaves the others to relayed bases
 * @param interfaceName the operating system's name of the interface; empty when unknown
 * @param kind what the interface is made of
 */
public record HostBase(int stream, int component, Base base, String interfaceName, InterfaceKind kind) {

    public HostBase {
        Objects.checkIndex(stream, Integer.MAX_VALUE);
        if (component < 1 || component > 256) {
            throw new IllegalArgumentException("component " + component + ", expected 1 to 256");
        }
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(kind, "kind");
        if (base.id() < 0 || base.id() >>> 32 != 0) {
            throw new IllegalArgumentException("base id " + base.id() + ", expected 0 to 2^32 - 1");
        }
    }
}
