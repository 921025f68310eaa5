// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an Edge server is set up with that speaks MS-TURN. Immutable; its methods return copies.
 *
 * @param realm as it stands on the wire, with quotation marks if it has some
 * @param hashesQuotes whether the key is made of the realm with its quotation marks
 * @param version its MS-VERSION; 0 for one that says none
 * @param users passwords by user name, both as text whose bytes count
 * @param keys of tokens, where a media relay authentication service makes them
 * @param epoch which time it is at nanosecond 0 of the machine, for the expiry of tokens
 * @param lifetime of allocations, restarted by any traffic; 60 s was seen from one server, 120 s from another
 * @param nonceLifetime how long a nonce is good for; then 438
 * @param demands what it insists on
 */
public record MsEdgeConfig(
        String realm,
        boolean hashesQuotes,
        int version,
        Map<String, String> users,
        Optional<MsRelayKeys> keys,
        Instant epoch,
        Duration lifetime,
        Duration nonceLifetime,
        Set<MsDemand> demands) {

    public MsEdgeConfig {
        users = Map.copyOf(users);
        demands = Set.copyOf(demands);
    }

    /** A server of version 2 that insists on all that {@link MsDemand} has, but knows the attributes of its time. */
    public static MsEdgeConfig create() {
        return new MsEdgeConfig(
                "\"rtcmedia\"",
                false,
                2,
                Map.of(),
                Optional.empty(),
                Instant.EPOCH,
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                EnumSet.of(MsDemand.VERSION_FIRST, MsDemand.SEQUENCE_NUMBERS));
    }

    /** The same with one user more. */
    public MsEdgeConfig user(String username, String password) {
        Map<String, String> more = new HashMap<>(users);
        more.put(username, password);
        return new MsEdgeConfig(realm, hashesQuotes, version, more, keys, epoch, lifetime, nonceLifetime, demands);
    }

    /** The same with another realm, and the way to hash it. */
    public MsEdgeConfig withRealm(String other, boolean hashingQuotes) {
        return new MsEdgeConfig(other, hashingQuotes, version, users, keys, epoch, lifetime, nonceLifetime, demands);
    }

    /** The same of another version; from 3 on with HMAC-SHA256, towards clients that have it. */
    public MsEdgeConfig withVersion(int other) {
        return new MsEdgeConfig(realm, hashesQuotes, other, users, keys, epoch, lifetime, nonceLifetime, demands);
    }

    /** The same, taking the tokens of a service. */
    public MsEdgeConfig withKeys(MsRelayKeys shared, Instant atNanosecondZero) {
        return new MsEdgeConfig(
                realm,
                hashesQuotes,
                version,
                users,
                Optional.of(shared),
                atNanosecondZero,
                lifetime,
                nonceLifetime,
                demands);
    }

    /** The same with other lifetimes. */
    public MsEdgeConfig withLifetimes(Duration ofAllocations, Duration ofNonces) {
        return new MsEdgeConfig(realm, hashesQuotes, version, users, keys, epoch, ofAllocations, ofNonces, demands);
    }

    /** The same, insisting on these things and no others. */
    public MsEdgeConfig withDemands(Set<MsDemand> others) {
        return new MsEdgeConfig(realm, hashesQuotes, version, users, keys, epoch, lifetime, nonceLifetime, others);
    }

    boolean demands(MsDemand demand) {
        return demands.contains(demand);
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "MsEdgeConfig[realm " + realm + ", version " + version + ", users " + users.keySet() + "]";
    }
}
