// SPDX-License-Identifier: Apache-2.0
/**
 * The part of multicast DNS (RFC 6762) that ICE needs (draft-ietf-mmusic-mdns-ice-candidates): {@code .local} names of one label are
 * looked up, and our own are answered for.
 *
 * <p>{@link org.icepath.net.mdns.MulticastDns} is the entry: the shell around {@link org.icepath.net.mdns.MulticastDnsMachine}. References
 * are never null.
 *
 * <p>Not here: probing, announcing, service discovery, caches, and answers to resolvers that do not stand on port 5353.
 */
@NullMarked
package org.icepath.net.mdns;

import org.jspecify.annotations.NullMarked;
