// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.icepath.stun.ErrorCode;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole list of errors, each with what it means in this dialect. */
class MsTurnErrorTest {

    private static final List<Integer> DIGEST =
            List.of(300, 400, 401, 420, 430, 431, 432, 433, 434, 435, 436, 437, 438, 439, 440, 441, 446, 500, 600);

    @Test
    void theListOfTheDigestIsWhole() {
        assertThat(Arrays.stream(MsTurnError.values()).map(MsTurnError::code)).isEqualTo(DIGEST);
        assertThat(MsTurnError.of(403)).isEmpty();
    }

    // digest §4.4, second reading B9; what an answer asks for, other credentials or a nonce, is the fourth column
    @ParameterizedTest
    @CsvSource({
        "300, REDIRECT, false, another server has room",
        "400, BAD_REQUEST, false, cannot be understood",
        "401, UNAUTHORIZED, true, not signed",
        "420, BAD_REQUEST, false, an attribute that the server must know and does not",
        "430, UNAUTHORIZED, true, credentials have run out",
        "431, UNAUTHORIZED, true, integrity is not that of the user's key",
        "432, UNAUTHORIZED, true, no USERNAME",
        "433, BAD_REQUEST, false, over TLS",
        "434, UNAUTHORIZED, true, no REALM",
        "435, UNAUTHORIZED, true, no NONCE",
        "436, UNAUTHORIZED, true, user name is no token of the server's",
        "437, ALLOCATION_LOST, false, no such allocation",
        "438, UNAUTHORIZED, true, nonce has run out",
        "439, SERVER_ERROR, false, active destination is being changed",
        "440, FORBIDDEN, false, nothing was ever sent to the destination",
        "441, UNAUTHORIZED, true, another user's",
        "446, OTHER, false, a connection to that peer already",
        "500, SERVER_ERROR, false, an error of its own",
        "600, OTHER, false, refuses"
    })
    void eachErrorSaysWhatItMeans(int code, Kind kind, boolean asksForAuthentication, String meaning) {
        TurnFailure failure = MsTurn.DEFAULT.failure(new ErrorCode(code, "Reason"));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.detail()).contains(Integer.toString(code), "Reason", meaning);
        assertThat(MsTurnError.of(code).orElseThrow().asksForAuthentication()).isEqualTo(asksForAuthentication);
    }

    @Test
    void anErrorThatTheDialectDoesNotHaveIsToldAsItCame() {
        assertThat(MsTurn.DEFAULT.meaning(new ErrorCode(403, "Forbidden"))).contains("403", "Forbidden");
    }
}
