// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/**
 * What an {@code application/trickle-ice-sdpfrag} body carries: candidates that came late, of one generation (RFC 8840 §9).
 *
 * <p>A stream is known by its mid; without one, by its place, and then the streams before it are in the fragment too. Media
 * line and destination of its streams are placeholders.
 *
 * @param content credentials for the generation, options, and for each stream its mid and candidates
 */
public record IceFragment(IceDescription content) {
    /** Media type of such a body. */
    public static final String MEDIA_TYPE = "application/trickle-ice-sdpfrag";

    /**
     * A fragment about one stream, which must have a mid.
     *
     * @param stream whose credentials and mid are repeated
     * @param candidates the new candidates, or all so far
     * @param endOfCandidates whether no more will come
     * @throws IllegalArgumentException if the stream has no mid or no credentials
     */
    public static IceFragment of(StreamDescription stream, List<Candidate> candidates, boolean endOfCandidates) {
        String mid = stream.mid().orElseThrow(() -> new IllegalArgumentException("stream without mid"));
        IceCredentials credentials =
                stream.credentials().orElseThrow(() -> new IllegalArgumentException("stream without ICE"));
        StreamDescription late = StreamDescription.builder(0)
                .mediaLine(stream.mediaLine())
                .mid(mid)
                .candidates(candidates)
                .endOfCandidates(endOfCandidates)
                .build();
        return new IceFragment(IceDescription.builder().sessionCredentials(credentials).stream(late)
                .build());
    }

    /** The streams the fragment has news of. */
    public List<StreamDescription> streams() {
        return content.streams();
    }
}
