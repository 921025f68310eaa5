// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.icepath.turn.TokenKey;

/**
 * What a server is set up with. Immutable; its methods return copies.
 *
 * @param realm the REALM of its challenges
 * @param software its SOFTWARE attribute
 * @param users passwords by user name
 * @param sha256 whether it offers PASSWORD-ALGORITHMS with SHA-256 (RFC 8489 §9.2)
 * @param anonymous whether it wants USERHASH in place of USERNAME (RFC 8489 §9.2.4); only with {@code sha256}
 * @param nonceLifetime how long a nonce is good for; then 438
 * @param defaultLifetime of an allocation that asks for none (RFC 8656 §7.2: 600 s)
 * @param maxLifetime of any allocation (RFC 8656 §7.2: 3600 s)
 * @param pathMtu what fits through between this server and its peers, for those who want DONT-FRAGMENT (RFC 8656 §14): larger
 *     datagrams are answered by ICMP; 0 for a server that does not know DONT-FRAGMENT
 * @param mobile whether it lets allocations move (RFC 8016)
 * @param tokens with whose key tokens are opened that come in place of a password, and under which name (RFC 7635)
 * @param allocationsPerUser more are refused with 486
 * @param ms how it speaks MS-TURN beside TURN, if it does
 */
public record EdgeConfig(
        String realm,
        String software,
        Map<String, String> users,
        boolean sha256,
        boolean anonymous,
        Duration nonceLifetime,
        Duration defaultLifetime,
        Duration maxLifetime,
        int pathMtu,
        boolean mobile,
        Optional<Tokens> tokens,
        int allocationsPerUser,
        Optional<MsEdgeConfig> ms) {

    /**
     * How tokens are opened.
     *
     * @param serverName what THIRD-PARTY-AUTHORIZATION says; tokens are made for that name
     */
    public record Tokens(String serverName, TokenKey key) {}

    public EdgeConfig {
        users = Map.copyOf(users);
    }

    /** No users, realm icepath.test, the RFC's lifetimes, nonces good for an hour, 100 allocations a user. */
    public static EdgeConfig create() {
        return new EdgeConfig(
                "icepath.test",
                "Icepath test edge",
                Map.of(),
                false,
                false,
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                0,
                false,
                Optional.empty(),
                100,
                Optional.empty());
    }

    /** The same with one user more. */
    public EdgeConfig user(String username, String password) {
        Map<String, String> more = new HashMap<>(users);
        more.put(username, password);
        return new EdgeConfig(
                realm,
                software,
                more,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same with another realm. */
    public EdgeConfig withRealm(String other) {
        return new EdgeConfig(
                other,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same with or without SHA-256. */
    public EdgeConfig withSha256(boolean offered) {
        return new EdgeConfig(
                realm,
                software,
                users,
                offered,
                anonymous && offered,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same, wanting USERHASH in place of USERNAME, and offering SHA-256 with it. */
    public EdgeConfig withAnonymity() {
        return new EdgeConfig(
                realm,
                software,
                users,
                true,
                true,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same with another lifetime of nonces. */
    public EdgeConfig withNonceLifetime(Duration other) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                other,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same with other lifetimes of allocations. */
    public EdgeConfig withLifetimes(Duration whenNotAsked, Duration most) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                whenNotAsked,
                most,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same, knowing DONT-FRAGMENT, with this many bytes of payload as the most that gets through whole. */
    public EdgeConfig withPathMtu(int bytes) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                bytes,
                mobile,
                tokens,
                allocationsPerUser,
                ms);
    }

    /** The same, letting allocations move to other addresses of the client. */
    public EdgeConfig withMobility() {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                true,
                tokens,
                allocationsPerUser,
                ms);
    }

    /**
     * The same, taking tokens, too (RFC 7635). The time of the machine is taken for the time since 1970.
     *
     * @param serverName what tokens are made for
     */
    public EdgeConfig withTokens(String serverName, TokenKey key) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                Optional.of(new Tokens(serverName, key)),
                allocationsPerUser,
                ms);
    }

    /** The same with another quota. */
    public EdgeConfig withAllocationsPerUser(int most) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                most,
                ms);
    }

    /** The same, speaking MS-TURN, too. */
    public EdgeConfig withMs(MsEdgeConfig spoken) {
        return new EdgeConfig(
                realm,
                software,
                users,
                sha256,
                anonymous,
                nonceLifetime,
                defaultLifetime,
                maxLifetime,
                pathMtu,
                mobile,
                tokens,
                allocationsPerUser,
                Optional.of(spoken));
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "EdgeConfig[realm " + realm + ", users " + users.keySet() + ", sha256 " + sha256 + "]";
    }
}
