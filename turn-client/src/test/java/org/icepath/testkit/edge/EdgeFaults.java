// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMethod;

/** What a server does wrong, or is told to refuse; to be changed on its thread only. */
public final class EdgeFaults {

    private final Map<StunMethod, Queue<ErrorCode>> errors = new HashMap<>();
    private final Map<StunMethod, Integer> drops = new HashMap<>();
    private final Set<InetAddress> refusedPeers = new HashSet<>();
    private final Set<String> unknownUsers = new HashSet<>();
    private Optional<InetSocketAddress> alternate = Optional.empty();
    private Optional<InetSocketAddress> challengeServer = Optional.empty();
    private String alternateDomain = "";
    private boolean silent;
    private boolean withoutRelays;
    private boolean unsigned;
    private boolean misspeaks;
    private int nonceGeneration;

    EdgeFaults() {}

    /** Answers the next request of a method with an error; repeated calls make a sequence. */
    public EdgeFaults fail(StunMethod method, int code) {
        return fail(method, code, 1);
    }

    /** Answers the next {@code times} requests of a method with an error. */
    public EdgeFaults fail(StunMethod method, int code, int times) {
        for (int i = 0; i < times; i++) {
            errors.computeIfAbsent(method, each -> new ArrayDeque<>()).add(new ErrorCode(code, "as the test wants it"));
        }
        return this;
    }

    /** Leaves the next {@code times} requests of a method without an answer. */
    public EdgeFaults drop(StunMethod method, int times) {
        drops.merge(method, times, Integer::sum);
        return this;
    }

    /** Answers requests of a method again. */
    public EdgeFaults dropNone(StunMethod method) {
        drops.remove(method);
        return this;
    }

    /** Answers and relays nothing while it holds. */
    public EdgeFaults silent(boolean holds) {
        silent = holds;
        return this;
    }

    /** Refuses permissions and channels to this address with 403. */
    public EdgeFaults refusePeer(InetAddress peer) {
        refusedPeers.add(peer);
        return this;
    }

    /** Allows what {@link #refusePeer} refused. */
    public EdgeFaults allowPeer(InetAddress peer) {
        refusedPeers.remove(peer);
        return this;
    }

    /** Has no relayed address for anyone (508) while it holds. */
    public EdgeFaults withoutRelays(boolean holds) {
        withoutRelays = holds;
        return this;
    }

    /** Answers without MESSAGE-INTEGRITY while it holds. */
    public EdgeFaults unsigned(boolean holds) {
        unsigned = holds;
        return this;
    }

    /** Sends eight bytes of no meaning for its first answer to each Refresh with a ticket while it holds, as coturn 4.6.1 does. */
    public EdgeFaults misspeaking(boolean holds) {
        misspeaks = holds;
        return this;
    }

    /** Answers Allocate with 300 and this ALTERNATE-SERVER. */
    public EdgeFaults redirect(InetSocketAddress server) {
        alternate = Optional.of(server);
        return this;
    }

    /** Answers Allocate with 300, this ALTERNATE-SERVER, and the name that its certificate has. */
    public EdgeFaults redirect(InetSocketAddress server, String domain) {
        alternateDomain = domain;
        return redirect(server);
    }

    /** Names another server in challenges of MS-TURN, which is where they are to be answered. */
    public EdgeFaults challengeAt(InetSocketAddress server) {
        challengeServer = Optional.of(server);
        return this;
    }

    /** Knows a user no more, as when time-limited credentials have run out. */
    public EdgeFaults forgetUser(String username) {
        unknownUsers.add(username);
        return this;
    }

    /** Answers Allocate itself again. */
    public EdgeFaults noRedirect() {
        alternate = Optional.empty();
        alternateDomain = "";
        return this;
    }

    /** Makes all nonces stale that were given out until now. */
    public EdgeFaults expireNonces() {
        nonceGeneration++;
        return this;
    }

    Optional<ErrorCode> takeError(StunMethod method) {
        Queue<ErrorCode> waiting = errors.get(method);
        return waiting == null ? Optional.empty() : Optional.ofNullable(waiting.poll());
    }

    boolean takeDrop(StunMethod method) {
        int left = drops.getOrDefault(method, 0);
        drops.put(method, Math.max(0, left - 1));
        return left > 0;
    }

    boolean isSilent() {
        return silent;
    }

    boolean isRefused(InetAddress peer) {
        return refusedPeers.contains(peer);
    }

    boolean isWithoutRelays() {
        return withoutRelays;
    }

    boolean isUnsigned() {
        return unsigned;
    }

    boolean misspeaks() {
        return misspeaks;
    }

    Optional<InetSocketAddress> alternate() {
        return alternate;
    }

    Optional<InetSocketAddress> challengeServer() {
        return challengeServer;
    }

    String alternateDomain() {
        return alternateDomain;
    }

    boolean isUnknown(String username) {
        return unknownUsers.contains(username);
    }

    int nonceGeneration() {
        return nonceGeneration;
    }
}
