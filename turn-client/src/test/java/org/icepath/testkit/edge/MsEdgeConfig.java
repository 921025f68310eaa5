// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What an Edge server is set up with that speaks MS-TURN. Immutable; its methods return copies. */
public final class MsEdgeConfig implements Cloneable {

    private static final int HIGHEST_VERSION = 6;

    private String realm = "\"rtcmedia\"";
    private boolean hashesQuotes;
    private int version = 2;
    private Map<String, String> users = Map.of();
    private Optional<MsRelayKeys> keys = Optional.empty();
    private Instant epoch = Instant.EPOCH;
    private Duration lifetime = Duration.ofSeconds(60);
    private Duration nonceLifetime = Duration.ofSeconds(120);
    private boolean namesItself = true;
    private Set<MsDemand> demands = Set.copyOf(EnumSet.of(
            MsDemand.VERSION_FIRST, MsDemand.SEQUENCE_NUMBERS, MsDemand.PEER_PORTS, MsDemand.INTEGRITY_LAST));

    private MsEdgeConfig() {}

    /**
     * A server of version 2 that insists on order, numbers, ports and integrity as {@link MsDemand} has it, but knows the attributes of
     * its time, and whose errors are as [MS-TURN] has them. The strictest one is {@code withDemands(EnumSet.allOf(MsDemand.class))}.
     */
    public static MsEdgeConfig create() {
        return new MsEdgeConfig();
    }

    private MsEdgeConfig with(Consumer<MsEdgeConfig> change) {
        try {
            MsEdgeConfig copy = (MsEdgeConfig) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("it is cloneable", e);
        }
    }

    /** The same with one user more. */
    public MsEdgeConfig user(String username, String password) {
        Map<String, String> more = new HashMap<>(users);
        more.put(username, password);
        return with(copy -> copy.users = Map.copyOf(more));
    }

    /** The same with another realm, and the way to hash it. */
    public MsEdgeConfig withRealm(String other, boolean hashingQuotes) {
        return with(copy -> {
            copy.realm = other;
            copy.hashesQuotes = hashingQuotes;
        });
    }

    /**
     * The same of another version; from 3 on with HMAC-SHA256, towards clients that have it. No relay of its is multiplexed, whatever
     * it says.
     *
     * @param other 0 to 6; 0 for one that says none
     */
    public MsEdgeConfig withVersion(int other) {
        if (other < 0 || other > HIGHEST_VERSION) {
            throw new IllegalArgumentException("MS-VERSION " + other + " is not within 0 to " + HIGHEST_VERSION);
        }
        return with(copy -> copy.version = other);
    }

    /** The same, taking the tokens of a service. */
    public MsEdgeConfig withKeys(MsRelayKeys shared, Instant atNanosecondZero) {
        return with(copy -> {
            copy.keys = Optional.of(shared);
            copy.epoch = atNanosecondZero;
        });
    }

    /** The same with other lifetimes. */
    public MsEdgeConfig withLifetimes(Duration ofAllocations, Duration ofNonces) {
        return with(copy -> {
            copy.lifetime = ofAllocations;
            copy.nonceLifetime = ofNonces;
        });
    }

    /** The same, with no ALTERNATE-SERVER in its challenges: a server behind a translator does not know its public address. */
    public MsEdgeConfig withoutItsName() {
        return with(copy -> copy.namesItself = false);
    }

    /** The same, insisting on these things and no others. */
    public MsEdgeConfig withDemands(Set<MsDemand> others) {
        return with(copy -> copy.demands = Set.copyOf(others));
    }

    /** The realm as it stands on the wire, with quotation marks if it has some. */
    public String realm() {
        return realm;
    }

    /** Whether the key is made of the realm with its quotation marks. */
    public boolean hashesQuotes() {
        return hashesQuotes;
    }

    /** Its MS-VERSION; 0 for one that says none. */
    public int version() {
        return version;
    }

    /** Passwords by user name, both as text whose bytes count. */
    public Map<String, String> users() {
        return users;
    }

    /** Of tokens, where a media relay authentication service makes them. */
    public Optional<MsRelayKeys> keys() {
        return keys;
    }

    /** Which time it is at nanosecond 0 of the machine, for the expiry of tokens. */
    public Instant epoch() {
        return epoch;
    }

    /** Of allocations, restarted by any traffic; 60 s was seen from one server, 120 s from another. */
    public Duration lifetime() {
        return lifetime;
    }

    /** How long a nonce is good for; then 438. */
    public Duration nonceLifetime() {
        return nonceLifetime;
    }

    /** Whether challenges have its address in ALTERNATE-SERVER ([MS-TURN] §2.2.2.7: SHOULD); clients go on there. */
    public boolean namesItself() {
        return namesItself;
    }

    /** What it insists on. */
    public Set<MsDemand> demands() {
        return demands;
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
