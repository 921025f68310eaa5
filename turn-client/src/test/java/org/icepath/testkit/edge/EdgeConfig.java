// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.turn.TokenKey;

/** What a server is set up with. Immutable; its methods return copies. */
public final class EdgeConfig implements Cloneable {

    private String realm = "icepath.test";
    private Map<String, String> users = Map.of();
    private boolean sha256;
    private boolean anonymous;
    private Duration nonceLifetime = Duration.ofHours(1);
    private Duration defaultLifetime = Duration.ofMinutes(10);
    private Duration maxLifetime = Duration.ofHours(1);
    private int pathMtu;
    private boolean mobile;
    private Optional<Tokens> tokens = Optional.empty();
    private int allocationsPerUser = 100;
    private Optional<MsEdgeConfig> ms = Optional.empty();

    /**
     * How tokens are opened.
     *
     * @param serverName what THIRD-PARTY-AUTHORIZATION says; tokens are made for that name
     */
    public record Tokens(String serverName, TokenKey key) {}

    private EdgeConfig() {}

    /** No users, realm icepath.test, the RFC's lifetimes, nonces good for an hour, 100 allocations a user. */
    public static EdgeConfig create() {
        return new EdgeConfig();
    }

    private EdgeConfig with(Consumer<EdgeConfig> change) {
        try {
            EdgeConfig copy = (EdgeConfig) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("it is cloneable", e);
        }
    }

    /** The same with one user more. */
    public EdgeConfig user(String username, String password) {
        Map<String, String> more = new HashMap<>(users);
        more.put(username, password);
        return with(copy -> copy.users = Map.copyOf(more));
    }

    /** The same with another realm. */
    public EdgeConfig withRealm(String other) {
        return with(copy -> copy.realm = other);
    }

    /** The same with or without SHA-256. */
    public EdgeConfig withSha256(boolean offered) {
        return with(copy -> {
            copy.sha256 = offered;
            copy.anonymous &= offered;
        });
    }

    /** The same, wanting USERHASH in place of USERNAME, and offering SHA-256 with it. */
    public EdgeConfig withAnonymity() {
        return with(copy -> {
            copy.sha256 = true;
            copy.anonymous = true;
        });
    }

    /** The same with another lifetime of nonces. */
    public EdgeConfig withNonceLifetime(Duration other) {
        return with(copy -> copy.nonceLifetime = other);
    }

    /** The same with other lifetimes of allocations. */
    public EdgeConfig withLifetimes(Duration whenNotAsked, Duration most) {
        return with(copy -> {
            copy.defaultLifetime = whenNotAsked;
            copy.maxLifetime = most;
        });
    }

    /** The same, knowing DONT-FRAGMENT, with this many bytes of payload as the most that gets through whole. */
    public EdgeConfig withPathMtu(int bytes) {
        return with(copy -> copy.pathMtu = bytes);
    }

    /** The same, letting allocations move to other addresses of the client. */
    public EdgeConfig withMobility() {
        return with(copy -> copy.mobile = true);
    }

    /**
     * The same, taking tokens, too (RFC 7635). The time of the machine is taken for the time since 1970.
     *
     * @param serverName what tokens are made for
     */
    public EdgeConfig withTokens(String serverName, TokenKey key) {
        return with(copy -> copy.tokens = Optional.of(new Tokens(serverName, key)));
    }

    /** The same with another quota. */
    public EdgeConfig withAllocationsPerUser(int most) {
        return with(copy -> copy.allocationsPerUser = most);
    }

    /** The same, speaking MS-TURN, too. */
    public EdgeConfig withMs(MsEdgeConfig spoken) {
        return with(copy -> copy.ms = Optional.of(spoken));
    }

    /** The REALM of its challenges. */
    public String realm() {
        return realm;
    }

    /** Its SOFTWARE attribute. */
    public String software() {
        return "Icepath test edge";
    }

    /** Passwords by user name. */
    public Map<String, String> users() {
        return users;
    }

    /** Whether it offers PASSWORD-ALGORITHMS with SHA-256 (RFC 8489 §9.2). */
    public boolean sha256() {
        return sha256;
    }

    /** Whether it wants USERHASH in place of USERNAME (RFC 8489 §9.2.4); only with {@link #sha256}. */
    public boolean anonymous() {
        return anonymous;
    }

    /** How long a nonce is good for; then 438. */
    public Duration nonceLifetime() {
        return nonceLifetime;
    }

    /** Of an allocation that asks for none (RFC 8656 §7.2: 600 s). */
    public Duration defaultLifetime() {
        return defaultLifetime;
    }

    /** Of any allocation (RFC 8656 §7.2: 3600 s). */
    public Duration maxLifetime() {
        return maxLifetime;
    }

    /**
     * What fits through between this server and its peers, for those who want DONT-FRAGMENT (RFC 8656 §14): larger datagrams are
     * answered by ICMP; 0 for a server that does not know DONT-FRAGMENT.
     */
    public int pathMtu() {
        return pathMtu;
    }

    /** Whether it lets allocations move (RFC 8016). */
    public boolean mobile() {
        return mobile;
    }

    /** With whose key tokens are opened that come in place of a password, and under which name (RFC 7635). */
    public Optional<Tokens> tokens() {
        return tokens;
    }

    /** More are refused with 486. */
    public int allocationsPerUser() {
        return allocationsPerUser;
    }

    /** How it speaks MS-TURN beside TURN, if it does. */
    public Optional<MsEdgeConfig> ms() {
        return ms;
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "EdgeConfig[realm " + realm + ", users " + users.keySet() + ", sha256 " + sha256 + "]";
    }
}
