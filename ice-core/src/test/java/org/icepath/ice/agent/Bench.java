// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.Priority;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;

/** One agent alone on the bench, with a peer that is played by the test and writes its messages by hand. */
final class Bench {

    static final long MS = 1_000_000;

    final Random random;
    final IceCredentials ours = new IceCredentials("ours", "ourPasswordOf22Chars++");
    final IceCredentials theirs = new IceCredentials("them", "theirPassword22Chars++");
    final List<Sent> sent = new ArrayList<>();
    final List<AgentEvent> events = new ArrayList<>();
    final IceAgent agent;
    final List<StreamLayout> layouts;
    long now;

    /** Something that the agent sent. */
    record Sent(long at, Base base, InetSocketAddress to, ByteBuffer payload) {

        StunMessage message() {
            return new StunMessage().wrap(payload);
        }

        boolean isRequest() {
            return message().messageClass() == StunClass.REQUEST;
        }

        boolean nominates() {
            return message().has(Attributes.USE_CANDIDATE);
        }

        boolean goesTo(String address) {
            return to.getAddress().getHostAddress().equals(address);
        }
    }

    Bench(IceRole role, int... components) {
        this(role, settings -> settings, components);
    }

    Bench(IceRole role, UnaryOperator<AgentSettings> tuning, int... components) {
        this(7, role, tuning, components);
    }

    Bench(long seed, IceRole role, UnaryOperator<AgentSettings> tuning, int... components) {
        random = new Random(seed);
        layouts = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            List<Integer> ids = new ArrayList<>();
            for (int id = 1; id <= components[i]; id++) {
                ids.add(id);
            }
            layouts.add(new StreamLayout(i, "stream" + i, ids));
        }
        agent = new IceAgent(tuning.apply(AgentSettings.rfc8445(role, 1000, ours, Pacer.perAgent(), layouts)), random);
    }

    static Base base(String host, int port) {
        return new Base(port, Transport.UDP, new InetSocketAddress(host, port));
    }

    static Candidate host(String address, int port, int component, String foundation, int preference) {
        return Candidate.host(
                new Foundation(foundation),
                component,
                TransportType.UDP,
                Priority.of(CandidateType.HOST, preference, component),
                new InetSocketAddress(address, port));
    }

    static Candidate of(CandidateType type, String address, int port, int component, String foundation) {
        return Candidate.of(
                new Foundation(foundation),
                component,
                TransportType.UDP,
                Priority.of(type, 65535, component),
                CandidateAddress.of(address, port),
                type);
    }

    /** Adds a host candidate of ours on port 5000 plus component, in stream 0. */
    Base local(String address, int component) {
        return local(0, address, 5000 + component, component, "L" + address.replaceAll("[.:]", ""), 65535);
    }

    Base local(int stream, String address, int port, int component, String foundation, int preference) {
        Base base = base(address, port);
        input(() -> agent.addLocal(
                now, stream, new LocalCandidate(host(address, port, component, foundation, preference), base)));
        return base;
    }

    /** The peer's description with one list of candidates for each stream. */
    @SafeVarargs
    final IceDescription description(List<Candidate>... streams) {
        return describe(builder -> {}, streams);
    }

    @SafeVarargs
    final IceDescription describe(Consumer<IceDescription.Builder> more, List<Candidate>... streams) {
        List<List<Candidate>> all = new ArrayList<>();
        for (List<Candidate> stream : streams) {
            all.add(stream);
        }
        return describeAll(more, all);
    }

    IceDescription describeAll(Consumer<IceDescription.Builder> more, List<List<Candidate>> streams) {
        IceDescription.Builder builder = IceDescription.builder().sessionCredentials(theirs);
        for (int i = 0; i < streams.size(); i++) {
            builder.stream(
                    StreamDescription.builder(i).candidates(streams.get(i)).build());
        }
        more.accept(builder);
        return builder.build();
    }

    void remote(IceDescription description) {
        input(() -> agent.setRemote(now, description));
    }

    /** Tells the agent something and drains it. */
    void input(Runnable input) {
        input.run();
        drain();
    }

    void drain() {
        agent.drainTo(new Output<AgentEvent>() {
            @Override
            public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
                ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
                copy.put(0, payload, payload.position(), payload.remaining());
                sent.add(new Sent(now, base, to, copy));
            }

            @Override
            public void event(AgentEvent event) {
                events.add(event);
            }
        });
    }

    /** Lets time pass in which the peer answers the requests that {@code reachable} picks; the rest is lost. */
    void advanceAnswering(Duration time, Predicate<Sent> reachable) {
        long end = now + time.toNanos();
        int seen = sent.size();
        while (now < end) {
            advance(Duration.ofMillis(5));
            List<Sent> fresh = List.copyOf(sent.subList(seen, sent.size()));
            seen = sent.size();
            fresh.stream().filter(Sent::isRequest).filter(reachable).forEach(this::answer);
        }
    }

    /** Where media of the one stream's first component goes to. */
    InetSocketAddress current() {
        return agent.current(0, 1).orElseThrow().remote();
    }

    /** Lets time pass, step by step. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        int steps = 0;
        while (agent.nextTimeout() <= end) {
            now = Math.max(now, agent.nextTimeout());
            input(() -> agent.handleTimeout(now));
            assertThat(++steps)
                    .as("steps without an end, waiting for " + agent.nextTimeout())
                    .isLessThan(100_000);
        }
        now = end;
    }

    boolean receive(Base base, InetSocketAddress from, ByteBuffer payload) {
        boolean mine = agent.handle(now, base, from, payload);
        drain();
        return mine;
    }

    /** The requests so far. */
    List<Sent> requests() {
        return sent.stream().filter(Sent::isRequest).toList();
    }

    /** The last request to an address. */
    Sent requestTo(String address) {
        return requests().stream()
                .filter(request -> request.goesTo(address))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The requests with USE-CANDIDATE so far. */
    List<Sent> nominations() {
        return requests().stream().filter(Sent::nominates).toList();
    }

    Sent lastRequest() {
        List<Sent> requests = requests();
        return requests.get(requests.size() - 1);
    }

    Sent last() {
        return sent.get(sent.size() - 1);
    }

    /** The peer answers a request with success, as it sees us. */
    void answer(Sent request) {
        answer(request, request.base().address());
    }

    void answer(Sent request, InetSocketAddress mapped) {
        receive(request.base(), request.to(), success(request, mapped));
    }

    ByteBuffer success(Sent request, InetSocketAddress mapped) {
        return StunWriter.into(ByteBuffer.allocate(500))
                .respond(StunClass.SUCCESS, request.message())
                .put(Attributes.XOR_MAPPED_ADDRESS, mapped)
                .integrity(key(theirs))
                .fingerprint()
                .finish();
    }

    ByteBuffer error(Sent request, int code) {
        return StunWriter.into(ByteBuffer.allocate(500))
                .errorResponse(request.message(), code, "played by the test")
                .integrity(key(theirs))
                .fingerprint()
                .finish();
    }

    void refuse(Sent request, int code) {
        receive(request.base(), request.to(), error(request, code));
    }

    static IntegrityKey key(IceCredentials credentials) {
        return IntegrityKey.shortTerm(credentials.password());
    }

    /** A check of the peer, to be finished by integrity and fingerprint. */
    StunWriter check(IceRole role, long tieBreaker) {
        return check(role, tieBreaker, TransactionId.next(random));
    }

    StunWriter check(IceRole role, long tieBreaker, TransactionId id) {
        Attribute<Long> claim = role == IceRole.CONTROLLING ? Attributes.ICE_CONTROLLING : Attributes.ICE_CONTROLLED;
        return StunWriter.into(ByteBuffer.allocate(700))
                .request(StunMethod.BINDING, id)
                .put(Attributes.USERNAME, ours.ufrag() + ":" + theirs.ufrag())
                .put(Attributes.PRIORITY, Priority.of(CandidateType.PEER_REFLEXIVE, 65535, 1))
                .put(claim, tieBreaker);
    }

    ByteBuffer sealed(StunWriter writer) {
        return writer.integrity(key(ours)).fingerprint().finish();
    }

    /** The peer checks, in the other role than ours. */
    boolean check(Base base, InetSocketAddress from, boolean nominates) {
        StunWriter writer = check(agent.role().other(), 1);
        if (nominates) {
            writer.put(Attributes.USE_CANDIDATE);
        }
        return receive(base, from, sealed(writer));
    }

    <T> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<PairSnapshot> pairs() {
        return agent.snapshot(now).pairs();
    }

    PairSnapshot pairTo(String address) {
        return pairs().stream()
                .filter(pair -> pair.pair().remote().address().host().equals(address))
                .findFirst()
                .orElseThrow();
    }

    static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    /** Whether the agent's answer has authenticated as ours and is of this class. */
    boolean isOurs(Sent response, StunClass expected) {
        StunMessage message = response.message();
        return message.messageClass() == expected && new Integrity().verify(message, key(ours));
    }

    long nanosToTimeout() {
        return agent.nextTimeout() == Machine.NEVER ? -1 : agent.nextTimeout() - now;
    }
}
