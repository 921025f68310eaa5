// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final int RUNS = 2_000;

    @Test
    void everyCandidateSurvivesItsLine() {
        RandomDescriptions random = new RandomDescriptions(8839);
        for (int i = 0; i < RUNS; i++) {
            Candidate candidate = random.candidate();

            assertThat(CandidateLine.parse(CandidateLine.format(candidate))).isEqualTo(candidate);
        }
    }

    @Test
    void everyDescriptionSurvivesItsBody() {
        RandomDescriptions random = new RandomDescriptions(8839);
        Set<IceDescription> seen = new HashSet<>();
        for (int i = 0; i < RUNS; i++) {
            IceDescription description = random.next();
            seen.add(description);

            ParsedSdp parsed = IceSdp.parse(IceSdp.format(description));

            assertThat(parsed.description()).isEqualTo(description);
        }
        assertThat(seen).hasSizeGreaterThan(RUNS / 2);
    }

    @Test
    void everyDescriptionSurvivesAnyBodyOfItsShape() {
        RandomDescriptions random = new RandomDescriptions(8840);
        for (int i = 0; i < RUNS; i++) {
            IceDescription description = random.next();
            String body = IceSdp.format(shapeOf(description, random.next()));

            String applied = IceSdp.applyTo(body, description);

            assertThat(IceSdp.parse(applied).description()).as(applied).isEqualTo(description);
            assertThat(IceSdp.applyTo(applied, description)).isEqualTo(applied);
        }
    }

    /** Other ICE, in a body whose m= lines, mids and groups are the description's. */
    private static IceDescription shapeOf(IceDescription description, IceDescription other) {
        IceDescription.Builder shape = IceDescription.builder().lite(other.lite());
        other.sessionCredentials().ifPresent(shape::sessionCredentials);
        other.options().forEach(shape::option);
        description.bundleGroups().forEach(shape::bundleGroup);
        for (StreamDescription stream : description.streams()) {
            StreamDescription.Builder shaped = StreamDescription.builder(stream.index())
                    .mediaLine(stream.mediaLine())
                    .bundleOnly(stream.bundleOnly());
            stream.mid().ifPresent(shaped::mid);
            if (stream.index() < other.streams().size()) {
                copyIce(other.streams().get(stream.index()), shaped);
            }
            shape.stream(shaped.build());
        }
        return shape.build();
    }

    private static void copyIce(StreamDescription from, StreamDescription.Builder to) {
        from.credentials().ifPresent(to::credentials);
        from.destination().ifPresent(to::destination);
        from.rtcpDestination().ifPresent(to::rtcpDestination);
        from.options().forEach(to::option);
        from.remoteCandidates().forEach(to::remoteCandidate);
        from.unusableCandidates().forEach(to::unusableCandidate);
        to.candidates(from.candidates())
                .rtcpMux(from.rtcpMux())
                .endOfCandidates(from.endOfCandidates())
                .iceMismatch(from.iceMismatch());
    }

    @Test
    void everyFragmentSurvivesItsText() {
        RandomDescriptions random = new RandomDescriptions(8838);
        for (int i = 0; i < RUNS; i++) {
            String text = IceSdp.formatFragment(new IceFragment(random.next()));

            assertThat(IceSdp.formatFragment(IceSdp.parseFragment(text))).isEqualTo(text);
        }
    }
}
