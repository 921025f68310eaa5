// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceException;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRole;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.ms.MsSdpDialect;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How much of what is limited a session has that does not know its peer's dialect, or has been told it (digest §5.2, §5.1). */
class AutoLimitsTest {

    private static final UnaryOperator<IceDescription> ICE2 =
            description -> description.toBuilder().option(IceDescription.ICE2).build();
    private static final UnaryOperator<IceDescription> MARKED =
            description -> description.toBuilder().mark(MsSdpDialect.NAME).build();

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final Zone lan = net.zone("lan", LinkConditions.ofMillis(5));

    private VirtualPhone auto(String... addresses) {
        VirtualPhone phone = new VirtualPhone(
                net, lan.host("alice", addresses), IceConfig.create().profile(IceProfile.auto()).stream("audio", 1));
        phone.gather();
        net.runFor(Duration.ofSeconds(1));
        return phone;
    }

    /** A peer with so many candidates, which says nothing of how it speaks. */
    private static IceDescription stranger(String ufrag, int candidates) {
        String lines = IntStream.rangeClosed(1, candidates)
                .mapToObj(n -> "a=candidate:" + n + " 1 UDP " + (2_130_706_431 - 256 * n) + " 10.0.2." + n
                        + " 5000 typ host\r\n")
                .collect(Collectors.joining());
        return IceSdp.parse("v=0\r\no=- 0 1 IN IP4 10.0.2.1\r\ns=-\r\nc=IN IP4 10.0.2.1\r\nt=0 0\r\n"
                        + "m=audio 5000 RTP/AVP 0\r\na=mid:audio\r\na=ice-ufrag:" + ufrag
                        + "\r\na=ice-pwd:2o2rsBBDtO3pvvcdWePDtHhn\r\n" + lines)
                .description();
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of("said nothing", UnaryOperator.<IceDescription>identity(), 80),
                Arguments.of("marked", MARKED, 80),
                Arguments.of("ice2", ICE2, 100));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("pairs")
    void pairsAreAsManyAsTheDialectHas(String what, UnaryOperator<IceDescription> says, int most) {
        VirtualPhone phone =
                auto(IntStream.rangeClosed(1, 6).mapToObj(n -> "10.0.0." + n).toArray(String[]::new));

        int peer = phone.accept(says.apply(stranger("qTWN", 20)), IceRole.CONTROLLING);

        assertThat(phone.report(peer).pairs()).as(what).hasSize(most);
    }

    static Stream<Arguments> peers() {
        return Stream.of(
                Arguments.of("said nothing", UnaryOperator.<IceDescription>identity(), 20),
                Arguments.of("marked", MARKED, 20),
                Arguments.of("ice2", ICE2, 32));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("peers")
    void forksAreAsManyAsTheDialectHas(String what, UnaryOperator<IceDescription> says, int most) {
        VirtualPhone phone = auto("10.0.0.1");
        for (int fork = 1; fork <= most; fork++) {
            phone.accept(says.apply(stranger("fork" + fork, 1)), IceRole.CONTROLLING);
        }

        assertThatThrownBy(() -> phone.accept(says.apply(stranger("last", 1)), IceRole.CONTROLLING))
                .as(what)
                .isInstanceOf(IceException.class)
                .hasMessageContaining(most + " peers");
    }

    // The application's word goes before all of it
    @Test
    void whatTheConfigurationSaysHolds() {
        IceConfig config =
                IceConfig.create().profile(IceProfile.auto()).stream("audio", 1).limits(30, 20);

        assertThat(config.maxPairs(config.profile().rulesTowards(MARKED.apply(stranger("qTWN", 1)))))
                .isEqualTo(30);
    }
}
