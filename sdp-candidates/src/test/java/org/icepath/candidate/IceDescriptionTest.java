// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IceDescriptionTest {
    private static final IceCredentials SESSION = new IceCredentials("sess", "sessionpasswordsessionpw");
    private static final IceCredentials OWN = new IceCredentials("own1", "mediapasswordmediapasswo");
    private static final CandidateAddress ADDRESS = CandidateAddress.of("192.0.2.3", 45664);
    private static final Candidate HOST =
            Candidate.of(new Foundation("1"), 1, TransportType.UDP, 7, ADDRESS, CandidateType.HOST);

    private static StreamDescription.Builder stream() {
        return StreamDescription.builder(0)
                .credentials(OWN)
                .destination(ADDRESS)
                .candidate(HOST);
    }

    private static IceDescription of(StreamDescription.Builder stream) {
        return IceDescription.builder().stream(stream.build()).build();
    }

    private static boolean mismatch(StreamDescription.Builder stream) {
        IceDescription description = of(stream);
        return description.mismatch(description.streams().get(0));
    }

    // RFC 8839 §5.4: the media level overrides the session level
    @Test
    void streamsTakeTheSessionsCredentialsUnlessTheyHaveTheirOwn() {
        IceDescription description =
                IceDescription.builder().sessionCredentials(SESSION).stream(
                                StreamDescription.builder(0).build())
                        .stream(StreamDescription.builder(1).credentials(OWN).build())
                        .build();

        assertThat(description.streams().get(0).credentials()).contains(SESSION);
        assertThat(description.streams().get(1).credentials()).contains(OWN);
    }

    // RFC 8839 §3.2.5
    @Test
    void aDefaultDestinationAmongNoCandidateIsAMismatch() {
        assertThat(mismatch(stream())).isFalse();
        assertThat(mismatch(stream().destination(CandidateAddress.of("198.51.100.1", 45664))))
                .isTrue();
        assertThat(mismatch(stream().destination(ADDRESS.withPort(1)))).isTrue();
    }

    @Test
    void namesAndTheAddressOfNowhereAreNoMismatch() {
        assertThat(mismatch(stream().destination(CandidateAddress.of("media.example", 1))))
                .isFalse();
        assertThat(mismatch(stream().destination(CandidateAddress.of("0.0.0.0", 9))))
                .isFalse();
        assertThat(mismatch(stream().destination(CandidateAddress.of("::", 9)))).isFalse();
    }

    // RFC 3264 §8.4: telephones of old put a stream on hold so; nobody on the way did
    @Test
    void aStreamThatIsHeldTheOldWayIsNoMismatch() {
        assertThat(mismatch(stream().destination(CandidateAddress.of("0.0.0.0", 49170))))
                .isFalse();
        assertThat(mismatch(stream().destination(CandidateAddress.of("::", 49170))))
                .isFalse();
    }

    @Test
    void rtcpCountsWhereItIsNamedAndHasCandidates() {
        Candidate rtcp = HOST.withAddress(ADDRESS.withPort(45665));
        Candidate second = Candidate.of(rtcp.foundation(), 2, TransportType.UDP, 6, rtcp.address(), CandidateType.HOST);

        assertThat(mismatch(stream().candidate(second))).isFalse();
        assertThat(mismatch(stream().candidate(second.withAddress(ADDRESS.withPort(7)))))
                .isFalse();
        assertThat(mismatch(stream().candidate(second).rtcpDestination(rtcp.address())))
                .isFalse();
        assertThat(mismatch(stream().candidate(second).rtcpDestination(ADDRESS.withPort(9))))
                .isTrue();
        assertThat(mismatch(stream().rtcpDestination(ADDRESS.withPort(9)))).isFalse();
    }

    @Test
    void withoutCandidatesOnlyTrickleExcusesADestination() {
        StreamDescription empty = StreamDescription.builder(0)
                .credentials(OWN)
                .destination(ADDRESS)
                .build();
        IceDescription plain = IceDescription.builder().stream(empty).build();
        IceDescription trickling =
                plain.toBuilder().option(IceDescription.TRICKLE).build();

        assertThat(plain.mismatch(empty)).isTrue();
        assertThat(trickling.mismatch(empty)).isFalse();
    }

    // RFC 8843 §7.3: only the first of a group brings candidates
    @Test
    void bundledStreamsNeedNoCandidates() {
        StreamDescription first = stream().mid("a").build();
        StreamDescription second = StreamDescription.builder(1)
                .mid("b")
                .credentials(OWN)
                .destination(ADDRESS)
                .build();
        IceDescription description = IceDescription.builder().stream(first).stream(second)
                .bundleGroup(List.of("a", "b"))
                .build();

        assertThat(description.bundled(first)).isFalse();
        assertThat(description.bundled(second)).isTrue();
        assertThat(description.mismatch(second)).isFalse();
        assertThat(description.stream("b")).contains(second);
    }

    // RFC 3264 §6, RFC 8843 §6
    @Test
    void portZeroRejectsUnlessTheStreamIsOnlyBundled() {
        StreamDescription rejected = stream().destination(ADDRESS.withPort(0)).build();

        assertThat(rejected.rejected()).isTrue();
        assertThat(rejected.hasIce()).isFalse();
        assertThat(rejected.defaultDestination(Candidate.RTP)).isEmpty();
        assertThat(rejected.toBuilder().bundleOnly(true).build().rejected()).isFalse();
    }

    // RFC 3605 §2.1: without a=rtcp, the next port
    @Test
    void rtcpGoesToItsOwnAttributeOrTheNextPort() {
        assertThat(stream().build().defaultDestination(2)).contains(ADDRESS.withPort(45665));
        assertThat(stream().rtcpDestination(ADDRESS.withPort(7)).build().defaultDestination(2))
                .contains(ADDRESS.withPort(7));
        assertThat(stream().destination(ADDRESS.withPort(65535)).build().defaultDestination(2))
                .isEmpty();
        assertThat(stream().build().defaultDestination(3)).isEmpty();
        assertThat(stream()
                        .mediaLine(new MediaLine("application", "UDP/DTLS/SCTP", "webrtc-datachannel"))
                        .build()
                        .defaultDestination(2))
                .isEmpty();
    }

    @Test
    void anOptionCountsWhenTheSessionOrEveryIceStreamOffersIt() {
        StreamDescription with = stream().option("renomination").build();
        StreamDescription without =
                StreamDescription.builder(1).credentials(OWN).build();
        StreamDescription plain = StreamDescription.builder(1).build();

        assertThat(IceDescription.builder().stream(with).stream(plain).build().offers("renomination"))
                .isTrue();
        assertThat(IceDescription.builder().stream(with).stream(without).build().offers("renomination"))
                .isFalse();
        assertThat(IceDescription.builder().build().offers("renomination")).isFalse();
        assertThat(IceDescription.builder().option("ice2").build().offers("ice2"))
                .isTrue();
    }

    @Test
    void equalCandidatesAreKeptOnce() {
        assertThat(stream().candidate(HOST).build().candidates()).hasSize(1);
    }

    @Test
    void remoteCandidatesAreOnePerComponent() {
        StreamDescription described = stream()
                .remoteCandidate(new RemoteCandidate(1, ADDRESS))
                .remoteCandidate(new RemoteCandidate(1, ADDRESS.withPort(1)))
                .build();

        assertThat(described.remoteCandidates()).containsExactly(new RemoteCandidate(1, ADDRESS.withPort(1)));
    }

    @Test
    void whatNoBodyCouldSayIsRefused() {
        assertThatThrownBy(() -> IceDescription.builder().stream(
                        StreamDescription.builder(1).build()))
                .hasMessageContaining("stream 1");
        assertThatThrownBy(() -> IceDescription.builder().pacing(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IceDescription.builder().option("a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IceDescription.builder().bundleGroup(List.of("a b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stream().mid("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void copiesThroughABuilderAreEqual() {
        IceDescription description = of(stream().rtcpMux(true).iceMismatch(true).option("x")).toBuilder()
                .lite(true)
                .pacing(IceDescription.DEFAULT_PACING)
                .build();

        assertThat(description.toBuilder().build()).isEqualTo(description).hasSameHashCodeAs(description);
        assertThat(description.toString()).doesNotContain(OWN.password());
    }
}
