// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A candidate as it is told to the peer (RFC 8445 §5.1, RFC 8839 §5.1). Immutable; equal when all parts are.
 *
 * <p>Made by {@link #of} or by one of the factories named after the types; {@code with...} methods return changed copies.
 */
public final class Candidate {
    /** Component of RTP, and of everything when RTP and RTCP share a port. */
    public static final int RTP = 1;

    /** Component of RTCP. */
    public static final int RTCP = 2;

    private final Fields fields;

    private Candidate(Fields fields) {
        this.fields = fields;
    }

    /**
     * A candidate without related address and extensions.
     *
     * @param foundation groups candidates that succeed or fail together
     * @param component 1 to 256; 1 is RTP, 2 is RTCP
     * @param transport how packets travel
     * @param priority 1 to 2^31 - 1
     * @param address where packets go; port 0 only for active TCP, which nobody connects to (RFC 6544 §4.5)
     * @param type how it was obtained
     * @throws IllegalArgumentException if the component, the priority or the port is out of range
     */
    public static Candidate of(
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            CandidateAddress address,
            CandidateType type) {
        return new Candidate(new Fields(foundation, component, transport, priority, address, type, null, List.of()));
    }

    /** A host candidate. */
    public static Candidate host(
            Foundation foundation, int component, TransportType transport, long priority, InetSocketAddress address) {
        return of(foundation, component, transport, priority, CandidateAddress.of(address), CandidateType.HOST);
    }

    /** A server-reflexive candidate; its related address is its base. */
    public static Candidate serverReflexive(
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            InetSocketAddress address,
            InetSocketAddress base) {
        return derived(CandidateType.SERVER_REFLEXIVE, foundation, component, transport, priority, address, base);
    }

    /** A peer-reflexive candidate; its related address is its base. */
    public static Candidate peerReflexive(
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            InetSocketAddress address,
            InetSocketAddress base) {
        return derived(CandidateType.PEER_REFLEXIVE, foundation, component, transport, priority, address, base);
    }

    /** A relayed candidate; its related address is the mapped address its allocation was seen from. */
    public static Candidate relayed(
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            InetSocketAddress address,
            InetSocketAddress mapped) {
        return derived(CandidateType.RELAYED, foundation, component, transport, priority, address, mapped);
    }

    private static Candidate derived(
            CandidateType type,
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            InetSocketAddress address,
            InetSocketAddress related) {
        return of(foundation, component, transport, priority, CandidateAddress.of(address), type)
                .withRelatedAddress(CandidateAddress.of(related));
    }

    /** Groups candidates that succeed or fail together. */
    public Foundation foundation() {
        return fields.foundation;
    }

    /** The component, 1 to 256. */
    public int component() {
        return fields.component;
    }

    /** How packets travel. */
    public TransportType transport() {
        return fields.transport;
    }

    /** The priority, 1 to 2^31 - 1. */
    public long priority() {
        return fields.priority;
    }

    /** Where packets go. */
    public CandidateAddress address() {
        return fields.address;
    }

    /** How it was obtained. */
    public CandidateType type() {
        return fields.type;
    }

    /** The base of a reflexive candidate, the mapped address of a relayed one; diagnostic only (RFC 8839 §5.1). */
    public Optional<CandidateAddress> relatedAddress() {
        return Optional.ofNullable(fields.related);
    }

    /** Unknown extensions, in the order of the line; {@code tcptype} is not among them. */
    public List<Extension> extensions() {
        return fields.extensions;
    }

    /** The value of the first extension with this name, in its exact case. */
    public Optional<String> extension(String name) {
        return fields.extensions.stream()
                .filter(extension -> extension.name().equals(name))
                .map(Extension::value)
                .findFirst();
    }

    /** This candidate with one more extension at the end. */
    public Candidate withExtension(String name, String value) {
        List<Extension> more = new ArrayList<>(fields.extensions);
        more.add(new Extension(name, value));
        return withExtensions(more);
    }

    /** This candidate with these extensions and no others. */
    public Candidate withExtensions(List<Extension> extensions) {
        Fields f = fields;
        return new Candidate(new Fields(
                f.foundation, f.component, f.transport, f.priority, f.address, f.type, f.related, extensions));
    }

    /** This candidate with another priority. */
    public Candidate withPriority(long priority) {
        Fields f = fields;
        return new Candidate(new Fields(
                f.foundation, f.component, f.transport, priority, f.address, f.type, f.related, f.extensions));
    }

    /** This candidate with another foundation. */
    public Candidate withFoundation(Foundation foundation) {
        Fields f = fields;
        return new Candidate(new Fields(
                foundation, f.component, f.transport, f.priority, f.address, f.type, f.related, f.extensions));
    }

    /** This candidate with another address, such as what a name resolved to. */
    public Candidate withAddress(CandidateAddress address) {
        Fields f = fields;
        return new Candidate(new Fields(
                f.foundation, f.component, f.transport, f.priority, address, f.type, f.related, f.extensions));
    }

    /** This candidate with another related address. */
    public Candidate withRelatedAddress(CandidateAddress related) {
        return withRelated(related);
    }

    /** This candidate without its related address, for agents that keep their topology private. */
    public Candidate withoutRelatedAddress() {
        return withRelated(null);
    }

    private Candidate withRelated(@Nullable CandidateAddress related) {
        Fields f = fields;
        return new Candidate(new Fields(
                f.foundation, f.component, f.transport, f.priority, f.address, f.type, related, f.extensions));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Candidate that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.type.token() + " " + fields.transport + " " + fields.address + " component " + fields.component
                + " priority " + fields.priority + " foundation " + fields.foundation;
    }

    private record Fields(
            Foundation foundation,
            int component,
            TransportType transport,
            long priority,
            CandidateAddress address,
            CandidateType type,
            @Nullable CandidateAddress related,
            List<Extension> extensions) {
        private Fields {
            if (component < 1 || component > 256) {
                throw new IllegalArgumentException("component " + component + " is not in 1 to 256");
            }
            if (priority < 1 || priority > Priority.MAX) {
                throw new IllegalArgumentException("priority " + priority + " is not in 1 to 2^31-1");
            }
            if (address.port() == 0 && transport.tcpType() != TcpType.ACTIVE) {
                throw new IllegalArgumentException("port 0 in a candidate that is not active TCP");
            }
            extensions = List.copyOf(extensions);
        }
    }
}
