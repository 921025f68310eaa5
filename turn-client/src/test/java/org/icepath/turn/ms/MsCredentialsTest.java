// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.turn.ms.MsScene.CONFIG;
import static org.icepath.turn.ms.MsScene.SERVER;
import static org.icepath.turn.ms.MsScene.base64;

import java.time.Duration;
import java.util.stream.Stream;
import org.icepath.sansio.Transport;
import org.icepath.turn.AccessToken;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Credentials for an Edge are bytes in base64; what else is given is told, and not hashed as it stands. */
class MsCredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "alice, c2VjcmV0, the user name is not in base64", // 5 characters are no base64
        "YWxpY2U=, pass word, the password is not in base64",
        "YWxpY2U=, s3cret!, the password is not in base64"
    })
    void aServerWithTextIsRefusedAndTheTextNotTold(String username, String password, String why) {
        assertThatThrownBy(() -> MsTurn.DEFAULT.server("edge.example.com", 3_478, Transport.UDP, username, password))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
        assertThatThrownBy(() -> SERVER.withoutCredentials().credentials(username, password))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
        TurnServer standard = TurnServer.parse("turn:edge.example.com").credentials(username, password);
        assertThatThrownBy(() -> standard.speaking(MsTurn.DEFAULT)).hasMessage(why);
    }

    @Test
    void aServerWithoutCredentialsMayWaitForSome() {
        assertThat(SERVER.withoutCredentials().hasCredentials()).isFalse();
    }

    static Stream<Arguments> supplied() {
        return Stream.of(
                Arguments.of(TurnCredentials.longTerm("alice", base64("s3cret")), "the user name is not in base64"),
                Arguments.of(TurnCredentials.longTerm(base64("alice"), "s3cr\u00e9t"), "the password is not in base64"),
                Arguments.of(AccessToken.of("YWJj", new byte[4], new byte[20]), "no access token"));
    }

    // A supplier's mistake comes on the thread of the allocation: it fails the allocation, and throws nothing there.
    @ParameterizedTest
    @MethodSource("supplied")
    void whatASupplierGivesThatIsNoneFailsTheAllocation(TurnCredentials supplied, String why) {
        MsScene scene = new MsScene(
                        CONFIG,
                        SERVER.withoutCredentials(),
                        settings -> settings.withOptions(settings.options().withRenewedCredentials()))
                .allocate();
        scene.await(TurnEvent.CredentialsWanted.class);

        scene.client.act((now, machine) -> scene.allocation.use(now, supplied));
        scene.runFor(Duration.ofSeconds(1));

        TurnFailure failure = scene.await(TurnEvent.Failed.class).failure();
        assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.UNAUTHORIZED);
        assertThat(failure.detail()).contains(why);
    }
}
