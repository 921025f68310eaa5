// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one side says about one stream: an m= section's part of ICE (RFC 8839 §4). Immutable; made by {@link #builder}.
 *
 * <p>Streams are known by their place, {@link #index()}, and may have a {@link #mid()}.
 */
public final class StreamDescription {
    private final Fields fields;

    private StreamDescription(Fields fields) {
        this.fields = fields;
    }

    /**
     * Starts a description.
     *
     * @param index place of the m= section, from 0
     */
    public static Builder builder(int index) {
        return new Builder(index);
    }

    /** A builder that starts from this description. */
    public Builder toBuilder() {
        return new Builder(fields.index, fields);
    }

    /**
     * A builder that starts from this description, for another m= section.
     *
     * @param index place of that section, from 0
     */
    public Builder toBuilder(int index) {
        return new Builder(index, fields);
    }

    /** Place of the m= section, from 0. */
    public int index() {
        return fields.index;
    }

    /** Media, protocol and formats. */
    public MediaLine mediaLine() {
        return fields.mediaLine;
    }

    /** Identification of the stream (RFC 5888 §4). */
    public Optional<String> mid() {
        return Optional.ofNullable(fields.mid);
    }

    /** The credentials that count here: the stream's own, else the session's. Empty: this stream is without ICE. */
    public Optional<IceCredentials> credentials() {
        return Optional.ofNullable(fields.credentials);
    }

    /** The ICE options of this m= section alone; those of the session are in {@link IceDescription#options()}. */
    public Set<String> options() {
        return fields.options;
    }

    /** The candidates this agent can use, in the order of the description; an equal one is there only once. */
    public List<Candidate> candidates() {
        return fields.candidates;
    }

    /** The candidates of one component. */
    public List<Candidate> candidates(int component) {
        return fields.candidates.stream()
                .filter(candidate -> candidate.component() == component)
                .toList();
    }

    /** Well-formed candidates of unknown type or transport. */
    public List<UnusableCandidate> unusableCandidates() {
        return fields.unusableCandidates;
    }

    /** What {@code a=remote-candidates} names (RFC 8839 §5.2), at most one entry a component. */
    public List<RemoteCandidate> remoteCandidates() {
        return fields.remoteCandidates;
    }

    /** Whether no more candidates will be trickled (RFC 8840 §4.1); may have been said for the whole session. */
    public boolean endOfCandidates() {
        return fields.endOfCandidates;
    }

    /** Whether {@code a=rtcp-mux} stands here (RFC 5761). */
    public boolean rtcpMux() {
        return fields.rtcpMux;
    }

    /** Whether {@code a=bundle-only} stands here: port 0 is no rejection then (RFC 8843 §6). */
    public boolean bundleOnly() {
        return fields.bundleOnly;
    }

    /** Whether the peer found our default destination among no candidate of ours, {@code a=ice-mismatch} (RFC 8839 §5.3). */
    public boolean iceMismatch() {
        return fields.iceMismatch;
    }

    /** Whether the stream is refused or removed: port 0 in the m= line (RFC 3264 §6). */
    public boolean rejected() {
        return fields.destination != null && fields.destination.port() == 0 && !fields.bundleOnly;
    }

    /** Whether this stream can be set up with ICE: it has credentials and is not rejected. */
    public boolean hasIce() {
        return fields.credentials != null && !rejected();
    }

    /**
     * Where an agent without ICE sends a component: m=/c= for RTP; {@code a=rtcp}, else the next port, for RTCP (RFC 3605).
     *
     * @return empty if nothing was said of that component, or the stream is rejected
     */
    public Optional<CandidateAddress> defaultDestination(int component) {
        CandidateAddress rtp = fields.destination;
        if (rtp == null || rejected()) {
            return Optional.empty();
        }
        if (component == Candidate.RTP) {
            return Optional.of(rtp);
        }
        if (component != Candidate.RTCP || !fields.mediaLine.isRtp()) {
            return Optional.empty();
        }
        if (fields.rtcpDestination != null) {
            return Optional.of(fields.rtcpDestination);
        }
        return rtp.port() < 65535 ? Optional.of(rtp.withPort(rtp.port() + 1)) : Optional.empty();
    }

    /** What the m= and c= lines say, port 0 included. */
    public Optional<CandidateAddress> destination() {
        return Optional.ofNullable(fields.destination);
    }

    /** What {@code a=rtcp} says; empty if there is none. */
    public Optional<CandidateAddress> rtcpDestination() {
        return Optional.ofNullable(fields.rtcpDestination);
    }

    /** The components that have candidates, ascending. */
    public List<Integer> components() {
        return fields.candidates.stream()
                .map(Candidate::component)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamDescription that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return "StreamDescription" + fields.toString().substring("Fields".length());
    }

    private record Fields(
            int index,
            MediaLine mediaLine,
            @Nullable String mid,
            @Nullable IceCredentials credentials,
            Set<String> options,
            List<Candidate> candidates,
            List<UnusableCandidate> unusableCandidates,
            List<RemoteCandidate> remoteCandidates,
            boolean endOfCandidates,
            boolean rtcpMux,
            boolean bundleOnly,
            boolean iceMismatch,
            @Nullable CandidateAddress destination,
            @Nullable CandidateAddress rtcpDestination) {}

    /** Collects a description. Mutable; not thread-safe. */
    public static final class Builder {
        private final int index;
        private MediaLine mediaLine = MediaLine.AUDIO;
        private @Nullable String mid;
        private @Nullable IceCredentials credentials;
        private final Set<String> options = new LinkedHashSet<>();
        private final Set<Candidate> candidates = new LinkedHashSet<>();
        private final List<UnusableCandidate> unusableCandidates = new ArrayList<>();
        private final List<RemoteCandidate> remoteCandidates = new ArrayList<>();
        private boolean endOfCandidates;
        private boolean rtcpMux;
        private boolean bundleOnly;
        private boolean iceMismatch;
        private @Nullable CandidateAddress destination;
        private @Nullable CandidateAddress rtcpDestination;

        private Builder(int index) {
            this.index = Objects.checkIndex(index, Integer.MAX_VALUE);
        }

        private Builder(int index, Fields from) {
            this(index);
            mediaLine = from.mediaLine;
            mid = from.mid;
            credentials = from.credentials;
            options.addAll(from.options);
            candidates.addAll(from.candidates);
            unusableCandidates.addAll(from.unusableCandidates);
            remoteCandidates.addAll(from.remoteCandidates);
            endOfCandidates = from.endOfCandidates;
            rtcpMux = from.rtcpMux;
            bundleOnly = from.bundleOnly;
            iceMismatch = from.iceMismatch;
            destination = from.destination;
            rtcpDestination = from.rtcpDestination;
        }

        /** Media, protocol and formats; {@link MediaLine#AUDIO} unless set. */
        public Builder mediaLine(MediaLine newMediaLine) {
            mediaLine = newMediaLine;
            return this;
        }

        /**
         * The identification of the stream.
         *
         * @throws IllegalArgumentException if the mid is no token
         */
        public Builder mid(String newMid) {
            if (!Tokens.isToken(newMid)) {
                throw new IllegalArgumentException("mid is not a token");
            }
            mid = newMid;
            return this;
        }

        /** The stream's credentials. */
        public Builder credentials(IceCredentials newCredentials) {
            credentials = newCredentials;
            return this;
        }

        /**
         * Adds an ICE option of this m= section.
         *
         * @throws IllegalArgumentException if it is not visible text
         */
        public Builder option(String option) {
            Tokens.requireVisible("ice-option", option);
            options.add(option);
            return this;
        }

        /** Adds candidates at the end. */
        public Builder candidates(List<Candidate> more) {
            candidates.addAll(more);
            return this;
        }

        /** Adds a candidate at the end. */
        public Builder candidate(Candidate candidate) {
            candidates.add(candidate);
            return this;
        }

        /** Removes all candidates, usable or not. */
        public Builder clearCandidates() {
            candidates.clear();
            unusableCandidates.clear();
            return this;
        }

        /** Adds a candidate that is only passed on. */
        public Builder unusableCandidate(UnusableCandidate candidate) {
            unusableCandidates.add(candidate);
            return this;
        }

        /** Sets the remote candidate of a component, in place of an earlier one. */
        public Builder remoteCandidate(RemoteCandidate candidate) {
            remoteCandidates.removeIf(earlier -> earlier.component() == candidate.component());
            remoteCandidates.add(candidate);
            return this;
        }

        /** Says that no more candidates will come. */
        public Builder endOfCandidates(boolean end) {
            endOfCandidates = end;
            return this;
        }

        /** Sets {@code a=rtcp-mux}. */
        public Builder rtcpMux(boolean mux) {
            rtcpMux = mux;
            return this;
        }

        /** Sets {@code a=bundle-only}. */
        public Builder bundleOnly(boolean only) {
            bundleOnly = only;
            return this;
        }

        /** Sets {@code a=ice-mismatch}. */
        public Builder iceMismatch(boolean mismatch) {
            iceMismatch = mismatch;
            return this;
        }

        /** The m= port and c= address; port 0 rejects the stream. */
        public Builder destination(CandidateAddress newDestination) {
            destination = newDestination;
            return this;
        }

        /** The {@code a=rtcp} port and address. */
        public Builder rtcpDestination(CandidateAddress newDestination) {
            rtcpDestination = newDestination;
            return this;
        }

        /** The description. */
        public StreamDescription build() {
            return new StreamDescription(new Fields(
                    index,
                    mediaLine,
                    mid,
                    credentials,
                    Sets.copyOf(options),
                    List.copyOf(candidates),
                    List.copyOf(unusableCandidates),
                    List.copyOf(remoteCandidates),
                    endOfCandidates,
                    rtcpMux,
                    bundleOnly,
                    iceMismatch,
                    destination,
                    rtcpDestination));
        }

        StreamDescription buildIn(@Nullable IceCredentials sessionCredentials) {
            if (credentials == null) {
                credentials = sessionCredentials;
            }
            return build();
        }
    }
}
