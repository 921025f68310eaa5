// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IceCredentialsTest {
    private static final String PASSWORD = "asd88fgpdd777uzjYhagZg";

    // RFC 8839 §5.4: ufrag 4*256ice-char, password 22*256ice-char; CVE-2026-25994 was a longer one
    @Test
    void lengthsAndCharactersObeyTheGrammar() {
        assertThat(new IceCredentials("8hhY", PASSWORD).ufrag()).isEqualTo("8hhY");
        assertThat(new IceCredentials("u".repeat(256), "p".repeat(256)).password())
                .hasSize(256);
        assertThatThrownBy(() -> new IceCredentials("abc", PASSWORD)).hasMessageContaining("ice-ufrag");
        assertThatThrownBy(() -> new IceCredentials("u".repeat(257), PASSWORD)).hasMessageContaining("257");
        assertThatThrownBy(() -> new IceCredentials("8hhY", "p".repeat(21))).hasMessageContaining("21");
        assertThatThrownBy(() -> new IceCredentials("8hhY", "p".repeat(257))).hasMessageContaining("257");
        assertThatThrownBy(() -> new IceCredentials("8h:Y", PASSWORD)).hasMessageContaining("at 2");
    }

    @Test
    void passwordIsNeitherPrintedNorPartOfAMessage() {
        String secret = "secret!secret!secret!secret";

        assertThat(new IceCredentials("8hhY", PASSWORD).toString())
                .contains("8hhY")
                .doesNotContain(PASSWORD);
        assertThatThrownBy(() -> new IceCredentials("8hhY", secret)).message().doesNotContain("secret");
    }

    @Test
    void randomCredentialsAreValidAndDiffer() {
        Random random = new Random(1);
        Set<IceCredentials> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(IceCredentials.random(random));
        }

        assertThat(seen).hasSize(1000).allSatisfy(credentials -> {
            assertThat(credentials.ufrag()).hasSize(8);
            assertThat(credentials.password()).hasSize(24);
        });
        assertThat(IceCredentials.random(random, 4, 22).ufrag()).hasSize(4);
        assertThatThrownBy(() -> IceCredentials.random(random, 3, 22)).isInstanceOf(IllegalArgumentException.class);
    }
}
