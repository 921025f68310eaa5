// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one side tells the other about ICE: session-wide facts and one {@link StreamDescription} for each m= section, those
 * without ICE included (RFC 8839 §3, §4). Immutable; made by {@link #builder}.
 */
public final class IceDescription {
    /** The option of an agent that follows RFC 8445 and not RFC 5245 (RFC 8445 §10). */
    public static final String ICE2 = "ice2";

    /** The option of an agent that takes candidates one by one (RFC 8840 §3). */
    public static final String TRICKLE = "trickle";

    /** The option of an agent that lets the controlling side nominate again. */
    public static final String RENOMINATION = "renomination";

    /** Ta that each side assumes when nothing is said (RFC 8839 §5.5). */
    public static final Duration DEFAULT_PACING = Duration.ofMillis(50);

    private final Fields fields;
    private final Set<String> marks;
    private final @Nullable SessionOrigin origin;

    private IceDescription(Fields fields, Set<String> marks, @Nullable SessionOrigin origin) {
        this.fields = fields;
        this.marks = marks;
        this.origin = origin;
    }

    /** Starts a description. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this description. */
    public Builder toBuilder() {
        Builder builder = new Builder(fields);
        builder.marks.addAll(marks);
        builder.origin = origin;
        return builder;
    }

    /**
     * Which dialects its text shows that its writer speaks, by the names that they have themselves; empty where nothing stood out. Says how
     * a description was written and not what, so it has no part in equality.
     */
    public Set<String> marks() {
        return marks;
    }

    /**
     * Which of the descriptions of its session this is, as a session of ours counts them; empty for one that was read. Has no part in
     * equality: two are equal that say the same.
     */
    public Optional<SessionOrigin> origin() {
        return Optional.ofNullable(origin);
    }

    /**
     * The credentials that are written once, for the whole session; then every stream has credentials, these or its own:
     * {@link StreamDescription#credentials()} is what counts. Empty where a stream is without ICE.
     */
    public Optional<IceCredentials> sessionCredentials() {
        return Optional.ofNullable(fields.credentials);
    }

    /** The ICE options given for the whole session, in order. */
    public Set<String> options() {
        return fields.options;
    }

    /** Whether an option is offered for the session, or by each stream that has ICE (and there is one). */
    public boolean offers(String option) {
        if (fields.options.contains(option)) {
            return true;
        }
        List<StreamDescription> withIce =
                fields.streams.stream().filter(StreamDescription::hasIce).toList();
        return !withIce.isEmpty()
                && withIce.stream().allMatch(stream -> stream.options().contains(option));
    }

    /** The value of {@code a=ice-pacing}; empty if it is absent, which means {@link #DEFAULT_PACING} (RFC 8839 §5.5). */
    public Optional<Duration> pacing() {
        return Optional.ofNullable(fields.pacing);
    }

    /** Whether this side is an ICE-lite implementation (RFC 8445 §2.5). */
    public boolean lite() {
        return fields.lite;
    }

    /** All streams; each at its index. */
    public List<StreamDescription> streams() {
        return fields.streams;
    }

    /** The stream with this mid. */
    public Optional<StreamDescription> stream(String mid) {
        return fields.streams.stream()
                .filter(stream -> stream.mid().filter(mid::equals).isPresent())
                .findFirst();
    }

    /** The BUNDLE groups, each a list of mids; the first mid of a group owns the transport (RFC 8843 §7). */
    public List<List<String>> bundleGroups() {
        return fields.bundleGroups;
    }

    /** Whether this stream travels on the transport of another one, the first of its BUNDLE group. */
    public boolean bundled(StreamDescription stream) {
        return stream.mid()
                .map(mid -> fields.bundleGroups.stream().anyMatch(group -> group.indexOf(mid) > 0))
                .orElse(false);
    }

    /** Whether any stream can be set up with ICE. */
    public boolean hasIce() {
        return fields.streams.stream().anyMatch(StreamDescription::hasIce);
    }

    /**
     * Whether something between the agents rewrote the default destination without knowing ICE: it is not among the
     * stream's candidates (RFC 8839 §3.2.5). Such a stream is to be run without ICE and answered with
     * {@code a=ice-mismatch}. Exempt are names, 0.0.0.0 and :: (with port 9 for trickle, with others for a stream that is held
     * the old way, RFC 3264 §8.4), and streams that have no candidates of their own because they trickle or are bundled.
     *
     * <p>RTCP counts only where {@code a=rtcp} names its destination: browsers have left that line out although RTCP was not
     * at the next port, and whoever rewrites a body rewrites m= too.
     */
    public boolean mismatch(StreamDescription stream) {
        if (!stream.hasIce() || stream.bundleOnly()) {
            return false;
        }
        if (stream.candidates().isEmpty()
                && (offers(TRICKLE) || stream.options().contains(TRICKLE) || bundled(stream))) {
            return false;
        }
        boolean rtcpCounts =
                stream.rtcpDestination().isPresent() && stream.components().contains(Candidate.RTCP);
        return !announced(stream, Candidate.RTP) || (rtcpCounts && !announced(stream, Candidate.RTCP));
    }

    private static boolean announced(StreamDescription stream, int component) {
        CandidateAddress destination = stream.defaultDestination(component).orElse(null);
        if (!(destination instanceof IpAddress ip) || ip.ip().isAnyLocalAddress()) {
            return true;
        }
        // with rtcp-mux, a=rtcp may name the RTP port: any component counts
        return stream.candidates().stream()
                .anyMatch(candidate -> candidate.address().equals(destination)
                        || (candidate.address() instanceof NamedAddress && candidate.component() == component));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IceDescription that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return "IceDescription" + fields.toString().substring("Fields".length());
    }

    private record Fields(
            @Nullable IceCredentials credentials,
            Set<String> options,
            @Nullable Duration pacing,
            boolean lite,
            List<StreamDescription> streams,
            List<List<String>> bundleGroups) {}

    /** Collects a description. Mutable; not thread-safe. */
    public static final class Builder {
        private @Nullable IceCredentials credentials;
        private final Set<String> options = new LinkedHashSet<>();
        private @Nullable Duration pacing;
        private boolean lite;
        private final List<StreamDescription> streams = new ArrayList<>();
        private final List<List<String>> bundleGroups = new ArrayList<>();
        private final Set<String> marks = new LinkedHashSet<>();
        private @Nullable SessionOrigin origin;

        private Builder() {}

        private Builder(Fields from) {
            credentials = from.credentials;
            options.addAll(from.options);
            pacing = from.pacing;
            lite = from.lite;
            streams.addAll(from.streams);
            bundleGroups.addAll(from.bundleGroups);
        }

        /** Credentials for every stream that has none of its own. */
        public Builder sessionCredentials(IceCredentials newCredentials) {
            credentials = newCredentials;
            return this;
        }

        /** No credentials for the whole session; streams keep those that they have by now. */
        public Builder withoutSessionCredentials() {
            credentials = null;
            return this;
        }

        /**
         * Adds an ICE option of the session.
         *
         * @throws IllegalArgumentException if it is not visible text
         */
        public Builder option(String option) {
            Tokens.requireVisible("ice-option", option);
            options.add(option);
            return this;
        }

        /**
         * Ta as {@code a=ice-pacing} says it.
         *
         * @param newPacing whole milliseconds, 0 to 10 digits
         * @throws IllegalArgumentException if negative or too long to write
         */
        public Builder pacing(Duration newPacing) {
            if (newPacing.isNegative() || newPacing.toMillis() > 9_999_999_999L) {
                throw new IllegalArgumentException("ice-pacing of " + newPacing);
            }
            pacing = Duration.ofMillis(newPacing.toMillis());
            return this;
        }

        /** Notes a dialect that the text shows ({@link IceDescription#marks}). */
        public Builder mark(String dialect) {
            marks.add(dialect);
            return this;
        }

        /** Says which of the descriptions of its session this is. */
        public Builder origin(SessionOrigin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** Sets {@code a=ice-lite}. */
        public Builder lite(boolean newLite) {
            lite = newLite;
            return this;
        }

        /**
         * Adds the next stream.
         *
         * @throws IllegalArgumentException if its index is not the number of streams so far
         */
        public Builder stream(StreamDescription stream) {
            if (stream.index() != streams.size()) {
                throw new IllegalArgumentException("stream " + stream.index() + " in place " + streams.size());
            }
            streams.add(stream);
            return this;
        }

        /**
         * Puts a stream in the place of the one that has its index.
         *
         * @throws IndexOutOfBoundsException if there is none
         */
        public Builder replaceStream(StreamDescription stream) {
            streams.set(stream.index(), stream);
            return this;
        }

        /**
         * Adds a BUNDLE group; its first mid owns the transport.
         *
         * @throws IllegalArgumentException if a mid is no token
         */
        public Builder bundleGroup(List<String> mids) {
            if (!mids.stream().allMatch(Tokens::isToken)) {
                throw new IllegalArgumentException("a mid of the group is not a token");
            }
            bundleGroups.add(List.copyOf(mids));
            return this;
        }

        /** The description; streams without credentials get the session's. */
        public IceDescription build() {
            List<StreamDescription> resolved = streams.stream()
                    .map(stream -> stream.toBuilder().buildIn(credentials))
                    .toList();
            return new IceDescription(
                    new Fields(credentials, Sets.copyOf(options), pacing, lite, resolved, List.copyOf(bundleGroups)),
                    Sets.copyOf(marks),
                    origin);
        }
    }
}
