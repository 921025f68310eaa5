// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What has come to a port that sessions share.
 *
 * @param addresses where it is bound
 * @param strangers datagrams that were for no session, and dropped: checks for unknown username fragments, and all else from addresses
 *     that no session sends to
 */
public record SharedPortStatistics(List<InetSocketAddress> addresses, long strangers) {

    public SharedPortStatistics {
        addresses = List.copyOf(addresses);
    }
}
