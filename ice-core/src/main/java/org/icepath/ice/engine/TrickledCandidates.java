// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceEvent;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.sdp.IceFragment;

/**
 * Takes what one peer names after its description (RFC 8838 §11, RFC 8840 §4.3), and the addresses of what it has named by name. Without
 * state, so that it can be made when something comes: most peers describe all they have.
 */
final class TrickledCandidates {

    private final PeerContext context;
    private final RemoteLayout layout;
    private final Generations generations;
    private final PlainStreams plain;
    private final NamedCandidates names;
    private final RemoteCandidates remotes;

    /** @param layout the peer's latest description */
    TrickledCandidates(
            PeerContext context,
            RemoteLayout layout,
            Generations generations,
            PlainStreams plain,
            NamedCandidates names,
            RemoteCandidates remotes) {
        this.context = context;
        this.layout = layout;
        this.generations = generations;
        this.plain = plain;
        this.names = names;
        this.remotes = remotes;
    }

    /** Takes a candidate. */
    void add(long at, Generation of, int stream, Candidate candidate) {
        remotes.trickled(of, stream, candidate);
        take(at, of, stream, candidate);
    }

    /** Takes a fragment: what is known already is harmless, and what belongs to no generation that lives is ignored. */
    void add(long at, IceFragment fragment) {
        for (StreamDescription late : fragment.streams()) {
            int stream = streamOf(late);
            Optional<Generation> of = late.credentials()
                    .flatMap(credentials -> generations.named(credentials.ufrag(), stream))
                    .map(PeerGeneration::name);
            if (stream < 0 || of.isEmpty()) {
                late.candidates().stream()
                        .findFirst()
                        .ifPresent(candidate -> ignore(at, candidate, "it is of no generation or stream that is here"));
                continue;
            }
            late.candidates().forEach(candidate -> add(at, of.get(), stream, candidate));
            if (late.endOfCandidates()) {
                end(at, of.get(), stream);
            }
        }
    }

    /** The index of the stream that a part of a fragment is about; -1 when there is none of its mid. */
    private int streamOf(StreamDescription late) {
        return late.mid()
                .map(mid -> layout.remote().stream(mid)
                        .map(StreamDescription::index)
                        .orElse(-1))
                .orElse(late.index());
    }

    /** Takes a candidate whose name stands for {@code ip}. */
    void resolved(long at, Generation of, int stream, Candidate named, InetAddress ip) {
        names.resolved(named, ip);
        take(at, of, stream, named.withAddress(new IpAddress(ip, named.address().port())));
    }

    /** Gives up a candidate whose name stands for nothing. */
    void unresolved(long at, Candidate named, String why) {
        names.unresolved(named, why);
        ignore(at, named, why);
    }

    private void take(long at, Generation of, int stream, Candidate candidate) {
        boolean isPlain = layout.plainStreams().stream().anyMatch(each -> each.index() == stream);
        if (isPlain && !(candidate.address() instanceof NamedAddress)) {
            connect(at, stream, candidate);
            return;
        }
        Optional<PeerGeneration> generation = generations.named(of.remoteUfrag(), stream);
        if (generation.isEmpty() || !generation.get().concerns(stream, candidate.component())) {
            ignore(at, candidate, "there are no checks for stream " + stream + ", component " + candidate.component());
        } else if (candidate.address() instanceof NamedAddress) {
            names.ask(at, of, stream, candidate);
        } else {
            generation.get().agent().addRemote(at, stream, candidate);
        }
    }

    private void connect(long at, int stream, Candidate candidate) {
        plain.connect(at, generations.name(), stream, candidate);
        plain.conclude(at, layout);
    }

    private void ignore(long at, Candidate candidate, String why) {
        context.outbox()
                .peer(at, context.number(), new IceEvent.Ignored("candidate " + candidate.address() + ": " + why));
    }

    /** No more will come of a generation. */
    void end(long at, Generation of) {
        generations.all().stream()
                .filter(generation -> generation.hasRemoteUfrag(of.remoteUfrag()))
                .forEach(generation -> end(at, generation));
    }

    private void end(long at, Generation of, int stream) {
        generations
                .named(of.remoteUfrag(), stream)
                .filter(generation -> generation.ended(stream))
                .ifPresent(generation -> end(at, generation));
    }

    /**
     * Components that the peer has none of are none of the stream's (RFC 8445 §6.1.2.2). What a stream has in a generation that another one
     * follows stays: what is described by now is of that other one.
     */
    private void end(long at, PeerGeneration generation) {
        for (StreamLayout stream : generation.streams()) {
            if (generations.latestOf(stream.index()).filter(generation::equals).isEmpty()) {
                continue;
            }
            List<Integer> named = remotes.components(layout, generation, stream.index());
            stream.components().stream()
                    .filter(component -> !named.isEmpty() && !named.contains(component))
                    .forEach(component -> generation.agent().freeComponent(at, stream.index(), component));
        }
        generation.agent().endOfRemote(at);
    }
}
