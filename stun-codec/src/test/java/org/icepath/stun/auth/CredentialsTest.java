// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.icepath.stun.AlgorithmChoice;
import org.junit.jupiter.api.Test;

class CredentialsTest {

    // RFC 8489 §9.2, §18.1: bit 0 is the lowest of the 24.
    @Test
    void aNonceTellsWhichFeaturesItsServerHas() {
        assertThat(NonceCookie.of("obMatJos2AAAAxyz")).contains(NonceCookie.of(false, false));
        assertThat(NonceCookie.of("obMatJos2AAABxyz")).contains(NonceCookie.of(true, false));
        assertThat(NonceCookie.of("obMatJos2AAACxyz")).contains(NonceCookie.of(false, true));
        assertThat(NonceCookie.of("obMatJos2gAADxyz").map(NonceCookie::features))
                .contains(0x800003);
    }

    @Test
    void aNonceWithoutAWholeCookieTellsNothing() {
        for (String nonce :
                List.of("", "obMatJos2", "obMatJos2AAA", "obMatJos2AA A", "obMatJos2AA==", "ObMatJos2AAAA")) {
            assertThat(NonceCookie.of(nonce)).as(nonce).isEmpty();
        }
    }

    @Test
    void aCookieIsWrittenAsItIsRead() {
        NonceCookie cookie = NonceCookie.of(true, true);

        assertThat(cookie.text()).isEqualTo("obMatJos2AAAD");
        assertThat(NonceCookie.of(cookie.text() + "rest")).contains(cookie);
        assertThat(cookie.passwordAlgorithms()).isTrue();
        assertThat(cookie.usernameAnonymity()).isTrue();
    }

    // RFC 8489 §9.2.4
    @Test
    void theFirstOfferedAlgorithmThatIsKnownIsChosen() {
        AlgorithmChoice unknown = AlgorithmChoice.of(0x7777);
        AlgorithmChoice withParameters = new AlgorithmChoice(2, List.of(1));
        AlgorithmChoice md5 = AlgorithmChoice.of(1);
        AlgorithmChoice sha256 = AlgorithmChoice.of(2);

        assertThat(PasswordAlgorithm.firstKnown(List.of(unknown, withParameters, sha256, md5)))
                .contains(PasswordAlgorithm.SHA256);
        assertThat(PasswordAlgorithm.firstKnown(List.of(md5, sha256))).contains(PasswordAlgorithm.MD5);
        assertThat(PasswordAlgorithm.firstKnown(List.of(unknown))).isEmpty();
    }

    // RFC 4013 §3: its examples, and what both RFCs' vectors expect.
    @Test
    void passwordsArePrepared() {
        assertThat(PasswordPreparation.prepare("I\u00adX")).isEqualTo("IX");
        assertThat(PasswordPreparation.prepare("user")).isEqualTo("user");
        assertThat(PasswordPreparation.prepare("\u00aa")).isEqualTo("a");
        assertThat(PasswordPreparation.prepare("\u2168")).isEqualTo("IX");
        assertThat(PasswordPreparation.prepare("a\u00a0b")).isEqualTo("a b");
        assertThat(PasswordPreparation.prepare("The\u00adM\u00aatr\u2168")).isEqualTo("TheMatrIX");
    }
}
