// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.ms.MsPriority;
import org.icepath.sdp.ms.MsSdpDialect;
import org.junit.jupiter.api.Test;

/** Foundations that are a running number in each section, and what follows for priorities (digest §5.2, §5.3). */
class NumbersTest {

    private static final long NOW = 0;
    private static final int RTP = Candidate.RTP;
    private static final int RTCP = Candidate.RTCP;

    private CandidateBook book = book(20);
    private long bases;

    private static CandidateBook book(int maxCandidates) {
        GatherSettings settings = UsualSettings.of(
                List.of(), List.of("stun0", "stun1"), List.of("turn0", "turn1"), maxCandidates, MsSdpDialect.INSTANCE);
        return new CandidateBook(settings, new Findings(settings));
    }

    private Base base(String address, int port) {
        return new Base(++bases, Transport.UDP, new InetSocketAddress(address, port));
    }

    private LocalBase local(int component, String address) {
        return new LocalBase(0, component, base(address, 5000 + component), "eth0", InterfaceKind.WIRED);
    }

    private static CandidateBook.Server server(int place) {
        try {
            return new CandidateBook.Server("server" + place, place, InetAddress.getByName("198.51.100.5"));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address, port);
    }

    private Optional<GatheredCandidate> relayed(
            LocalBase local, String address, int port, CandidateBook.Server server) {
        return book.relayed(NOW, local, base(address, port), at("203.0.113.20", 50_000), server);
    }

    private List<String> told() {
        return book.candidates().stream()
                .map(GatheredCandidate::candidate)
                .map(each -> each.foundation().value() + " " + each.component() + " " + each.type())
                .toList();
    }

    private static int number(Optional<GatheredCandidate> candidate) {
        return Integer.parseInt(candidate.orElseThrow().candidate().foundation().value());
    }

    // Published offers have 1, 2, 3: nothing is missing where a candidate turned out to be no other
    @Test
    void whatIsRedundantTakesNoNumber() {
        LocalBase local = local(RTP, "192.0.2.10");
        book.host(NOW, local);

        assertThat(book.serverReflexive(NOW, local, local.base().address(), server(0)))
                .as("there is no NAT")
                .isEmpty();
        Candidate relay =
                relayed(local, "198.51.100.5", 59_224, server(2)).orElseThrow().candidate();

        assertThat(told()).containsExactly("1 1 HOST", "2 1 RELAYED");
        assertThat(relay.priority()).isEqualTo(184_548_863);
    }

    @Test
    void whatMayNotBeOfferedTakesNoNumber() {
        LocalBase local = local(RTP, "192.0.2.10");
        book.host(NOW, local);
        book.serverReflexive(NOW, local, at("203.0.113.20", 50_002), server(0));

        assertThat(book.serverReflexive(NOW, local, at("203.0.113.20", 50_003), server(1)))
                .isEmpty();
        relayed(local, "198.51.100.5", 59_224, server(2));

        assertThat(told()).containsExactly("1 1 HOST", "2 1 SERVER_REFLEXIVE", "3 1 RELAYED");
    }

    @Test
    void whatIsOneTooManyTakesNoNumber() {
        book = book(2);
        LocalBase local = local(RTP, "192.0.2.10");
        book.host(NOW, local);
        book.serverReflexive(NOW, local, at("203.0.113.20", 50_002), server(0));

        assertThat(book.serverReflexive(NOW, local, at("203.0.113.21", 50_002), server(1)))
                .isEmpty();
        assertThat(number(relayed(local, "198.51.100.5", 59_224, server(2)))).isEqualTo(3);
    }

    // One server over UDP and over TLS, or one that gives both families: each relay is a candidate of its own
    @Test
    void relaysOfOneServerHaveNumbersAndPrioritiesOfTheirOwn() {
        LocalBase local = local(RTP, "192.0.2.10");
        relayed(local, "198.51.100.5", 59_224, server(2));
        relayed(local, "198.51.100.5", 59_226, server(3));
        relayed(local, "2001:db8::24", 59_228, server(2).besides(4));

        assertThat(book.candidates().stream()
                        .map(each -> each.candidate().foundation())
                        .distinct())
                .hasSize(3);
        assertThat(book.candidates().stream()
                        .map(each -> each.candidate().priority())
                        .distinct())
                .hasSize(3);
    }

    // The foundation is the same for both components, whichever server answered first on each
    @Test
    void componentsShareTheNumbersOfTheirCandidates() {
        LocalBase rtp = local(RTP, "192.0.2.10");
        LocalBase rtcp = local(RTCP, "192.0.2.10");
        book.host(NOW, rtp);
        book.host(NOW, rtcp);
        book.serverReflexive(NOW, rtp, at("203.0.113.20", 50_002), server(0));
        relayed(rtp, "198.51.100.5", 59_224, server(2));
        relayed(rtp, "198.51.100.6", 59_224, server(3));
        relayed(rtcp, "198.51.100.6", 59_225, server(3));
        relayed(rtcp, "198.51.100.5", 59_225, server(2));
        book.serverReflexive(NOW, rtcp, at("203.0.113.20", 50_003), server(1));

        assertThat(told())
                .containsExactlyInAnyOrder(
                        "1 1 HOST",
                        "1 2 HOST",
                        "2 1 SERVER_REFLEXIVE",
                        "2 2 SERVER_REFLEXIVE",
                        "3 1 RELAYED",
                        "3 2 RELAYED",
                        "4 1 RELAYED",
                        "4 2 RELAYED");
    }

    // Interfaces come and go in a long session: what a number is made of has 8 bits
    @Test
    void numbersOfCandidatesThatHaveGoneAreGivenAgainAtTheEnd() {
        LocalBase first = local(RTP, "192.0.2.10");
        book.host(NOW, first);
        for (int i = 2; i <= MsPriority.MAX_NUMBER; i++) {
            LocalBase passing = local(RTP, "10.0.0." + i);
            assertThat(number(book.host(NOW, passing))).isEqualTo(i);
            book.removeBase(passing.base());
        }

        assertThat(number(book.host(NOW, local(RTP, "10.0.1.1")))).isEqualTo(2);
        assertThat(number(book.host(NOW, local(RTP, "10.0.1.2")))).isEqualTo(3);
        assertThat(told()).startsWith("1 1 HOST");
    }

    @Test
    void whereAllNumbersAreInUseTheLastIsShared() {
        book = book(1_000);
        for (int i = 0; i < 2 * MsPriority.MAX_NUMBER; i++) {
            book.host(NOW, local(RTP, "10.0." + i / 200 + "." + (1 + i % 200)));
        }

        assertThat(book.candidates()).hasSize(2 * MsPriority.MAX_NUMBER);
        assertThat(book.candidates().stream()
                        .map(each -> each.candidate().foundation().value())
                        .distinct())
                .hasSize(MsPriority.MAX_NUMBER);
    }

    // A control: by the standard what is redundant has the foundation all the same, and a relay that of its address
    @Test
    void byTheStandardFoundationsSayWhatIsAlike() {
        FoundationSource standard = FoundationSource.perAgent();
        LocalBase local = local(RTP, "192.0.2.10");
        InetAddress relay = at("198.51.100.5", 1).getAddress();

        assertThat(SdpDialect.RFC8839.foundationsPerStream()).isFalse();
        assertThat(standard.assign(CandidateType.RELAYED, local, relay, server(2)))
                .isEqualTo(standard.assign(CandidateType.RELAYED, local, relay, server(3)))
                .isNotEqualTo(standard.assign(
                        CandidateType.RELAYED, local, at("198.51.100.6", 1).getAddress(), server(2)));
        assertThat(local.transport()).isEqualTo(TransportType.UDP);
    }
}
