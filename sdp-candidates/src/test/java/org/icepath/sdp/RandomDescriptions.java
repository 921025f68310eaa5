// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.candidate.UnusableCandidate;

/** Any description that text can say, from a seed. */
final class RandomDescriptions {
    private static final List<TransportType> TRANSPORTS = List.of(
            TransportType.UDP,
            TransportType.TCP_ACTIVE,
            TransportType.TCP_PASSIVE,
            TransportType.TCP_SIMULTANEOUS_OPEN);
    private static final List<String> HOSTS = List.of(
            "192.0.2.1", "203.0.113.77", "2001:db8::1", "fe80::1:2", "::", "0.0.0.0", "a.example.net", "x-1.local");
    private static final List<MediaLine> MEDIA = List.of(
            MediaLine.AUDIO,
            new MediaLine("video", "RTP/SAVPF", "96 97"),
            new MediaLine("application", "UDP/DTLS/SCTP", "webrtc-datachannel"),
            new MediaLine("audio", "RTP/AVP", ""));
    private static final List<String> OPTIONS = List.of("ice2", "trickle", "renomination", "x-1");

    private final Random random;

    RandomDescriptions(long seed) {
        random = new Random(seed);
    }

    IceDescription next() {
        IceDescription.Builder description = IceDescription.builder();
        int streams = random.nextInt(4);
        boolean shared = random.nextBoolean();
        if (shared) {
            description.sessionCredentials(credentials());
        }
        options().forEach(description::option);
        if (random.nextBoolean()) {
            description.pacing(Duration.ofMillis(random.nextInt(1000)));
        }
        description.lite(random.nextInt(4) == 0);
        List<String> mids = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            StreamDescription stream = stream(i);
            stream.mid().ifPresent(mids::add);
            description.stream(stream);
        }
        if (mids.size() > 1) {
            description.bundleGroup(mids);
        }
        return description.build();
    }

    private StreamDescription stream(int index) {
        StreamDescription.Builder stream = StreamDescription.builder(index).mediaLine(pick(MEDIA));
        if (random.nextBoolean()) {
            stream.mid("m" + index);
        }
        if (random.nextInt(4) > 0) {
            stream.credentials(credentials());
        }
        options().forEach(stream::option);
        int candidates = random.nextInt(6);
        for (int i = 0; i < candidates; i++) {
            stream.candidate(candidate());
        }
        if (random.nextInt(5) == 0) {
            stream.unusableCandidate(new UnusableCandidate(
                    "candidate:1 1 UDP 7 192.0.2.1 5000 typ teleport x y", "unknown candidate type teleport"));
        }
        for (int component = 1; random.nextInt(3) == 0; component++) {
            stream.remoteCandidate(new RemoteCandidate(component, address(1 + random.nextInt(65535))));
        }
        stream.endOfCandidates(random.nextBoolean());
        stream.rtcpMux(random.nextBoolean());
        stream.iceMismatch(random.nextInt(5) == 0);
        stream.bundleOnly(random.nextInt(5) == 0);
        // without a destination a body would say more than the description: see IceSdp.withDefaults
        stream.destination(address(random.nextInt(4) == 0 ? 0 : random.nextInt(65536)));
        if (random.nextBoolean()) {
            stream.rtcpDestination(address(random.nextInt(65536)));
        }
        return stream.build();
    }

    Candidate candidate() {
        TransportType transport = pick(TRANSPORTS);
        Candidate candidate = Candidate.of(
                new Foundation(text(1 + random.nextInt(32))),
                1 + random.nextInt(256),
                transport,
                1 + random.nextInt(Integer.MAX_VALUE),
                address(transport.equals(TransportType.TCP_ACTIVE) ? 9 * random.nextInt(2) : 1 + random.nextInt(65535)),
                pick(List.of(CandidateType.values())));
        if (random.nextBoolean()) {
            candidate = candidate.withRelatedAddress(address(random.nextInt(65536)));
        }
        while (random.nextInt(3) == 0) {
            candidate = candidate.withExtension(text(3), "é:=" + text(1 + random.nextInt(5)));
        }
        return candidate;
    }

    private CandidateAddress address(int port) {
        return CandidateAddress.of(pick(HOSTS), port);
    }

    private List<String> options() {
        return random.nextBoolean() ? OPTIONS.subList(0, random.nextInt(OPTIONS.size() + 1)) : List.of();
    }

    private IceCredentials credentials() {
        return IceCredentials.random(random, 4 + random.nextInt(253), 22 + random.nextInt(235));
    }

    private String text(int length) {
        return IceCredentials.random(random, 32, 22).ufrag().substring(0, length);
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
