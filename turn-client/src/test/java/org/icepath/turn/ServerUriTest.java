// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUriTest {

    // RFC 7065 §3.1 and its examples in appendix A; what RFC 5928 §3 leaves to DNS stays open.
    @ParameterizedTest
    @CsvSource({
        "turn:example.org, turn:example.org",
        "turn:example.org:8000, turn:example.org:8000",
        "turn:example.org:, turn:example.org",
        "turn:[2001:db8::1]:?transport=tcp, turn:[2001:db8::1]:3478?transport=tcp",
        "turn:example.org?transport=tcp, turn:example.org?transport=tcp",
        "turns:example.org, turns:example.org",
        "turns:example.org:443?transport=UDP, turns:example.org:443?transport=udp",
        "TURN:192.0.2.1, turn:192.0.2.1:3478",
        "turn:[2001:db8::1]:99, turn:[2001:db8::1]:99",
        "turn:[2001:db8::1]:99?transport=UDP, turn:[2001:db8::1]:99?transport=udp",
        "2001:db8::1, turn:[2001:db8::1]:3478",
        "turn:[::ffff:192.0.2.1]:99, turn:[::ffff:192.0.2.1]:99",
        "turn:[fe80::1%eth0], turn:[fe80::1%eth0]:3478",
        "example.org:99, turn:example.org:99",
    })
    void turnServersAreReadWithTheDefaultsOfTheirScheme(String text, String normal) {
        assertThat(TurnServer.parse(text)).hasToString(normal);
        assertThat(TurnServer.parse(normal)).isEqualTo(TurnServer.parse(text));
    }

    // RFC 7064 §3.1
    @ParameterizedTest
    @CsvSource({
        "stun:example.org, stun:example.org",
        "stuns:example.org, stuns:example.org",
        "stun:192.0.2.1, stun:192.0.2.1:3478",
        "stun:[::1]:8000, stun:[::1]:8000",
        "example.org, stun:example.org",
    })
    void stunServersAreReadWithTheDefaultsOfTheirScheme(String text, String normal) {
        assertThat(StunServer.parse(text)).hasToString(normal);
        assertThat(StunServer.parse(normal)).isEqualTo(StunServer.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "turn:",
                "turn://example.org",
                "stun:example.org",
                "turn:example.org:0",
                "turn:example.org:65536",
                "turn::",
                "turn:example.org::",
                "turn:[::1",
                "turn:[::1]x",
                "turn:::1:34780",
                "turn:[example.org]:99",
                "turn:example.org?transport=sctp",
                "turn:a b",
                "turn:example.org?x=y",
                "turn:user@example.org",
                "https://example.org",
                "turn:example.org:port"
            })
    void whatIsNoTurnUriIsRefusedWithTheReason(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TurnServer.parse(text))
                .withMessageContaining("\"" + text + "\"");
    }

    @Test
    void stunUrisHaveNoTransport() {
        assertThatIllegalArgumentException().isThrownBy(() -> StunServer.parse("stun:example.org?transport=udp"));
    }

    @Test
    void credentialsAreNeverPrinted() {
        TurnServer server = TurnServer.parse("turn:example.org").credentials("alice", "s3cret");

        assertThat(server.hasCredentials()).isTrue();
        assertThat(server.toString()).doesNotContain("alice").doesNotContain("s3cret");
    }

    // RFC 8489 §14.3
    @Test
    void aUserNameThatCannotBeSentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TurnServer.parse("turn:example.org").credentials("ä".repeat(255), "x"));
    }
}
