// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.icepath.turn.mras.MrasResponse.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MrasBodiesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ANSWER = """
            <?xml version="1.0"?>
            <response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" requestID="7" version="1.0" serverVersion="2.0"
              to="sip:mras@example.com" from="sip:alice@example.com" reasonPhrase="%s"
              xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp">
              <credentialsResponse credentialsRequestID="7">
                <credentials>
                  <username>%s</username><password>c2VjcmV0</password><duration>480</duration>
                </credentials>
                <mediaRelayList>
                  <mediaRelay><location>internet</location><hostName>av.example.com</hostName>
                    <udpPort>3478</udpPort><tcpPort>443</tcpPort></mediaRelay>
                  <mediaRelay><location>intranet</location><directIPAddress>192.0.2.7</directIPAddress>
                    <udpPort>0</udpPort></mediaRelay>
                  <mediaRelay><location>intranet</location></mediaRelay>
                </mediaRelayList>
              </credentialsResponse>
            </response>
            """;

    private static String token(int version, int length, Instant expiry) {
        long units =
                Duration.between(Instant.parse("1601-01-01T00:00:00Z"), expiry).toSeconds() * 10_000_000;
        ByteBuffer token = ByteBuffer.allocate(length + 20)
                .put((byte) version)
                .put((byte) 0)
                .putShort((short) length)
                .putInt((int) units)
                .putInt((int) (units >>> 32));
        return Base64.getEncoder().encodeToString(token.array());
    }

    private static MrasResponse parsed(String reason, String username) {
        return MrasResponse.parse(ANSWER.formatted(reason, username));
    }

    @Test
    void aRequestIsTheBodyThatTheServiceKnows() {
        MrasRequest request =
                MrasRequest.of("7", "sip:alice@example.com", "sip:mras@example.com", RelayLocation.INTERNET);

        assertThat(request.toXml())
                .isEqualTo("<request requestID=\"7\" version=\"1.0\" from=\"sip:alice@example.com\""
                        + " to=\"sip:mras@example.com\" xmlns=\"http://schemas.microsoft.com/2006/09/sip/mrasp\">"
                        + "<credentialsRequest credentialsRequestID=\"7\"><identity>sip:alice@example.com</identity>"
                        + "<location>internet</location></credentialsRequest></request>");
    }

    // digest §7: all that the schema lets one ask for
    @Test
    void aRequestMayWishForMore() {
        MrasRequest request = MrasRequest.of("7", "sip:a@example.com", "sip:mras@example.com", RelayLocation.INTRANET)
                .forAllLocations()
                .lasting(Duration.ofHours(2))
                .by(MrasRequest.Route.DIRECT_IP)
                .withId("8");

        assertThat(request.toXml())
                .contains("requestID=\"8\"", "credentialsRequestID=\"8\"", "<duration>120</duration>")
                .contains(" to=\"sip:mras@example.com\" route=\"directip\" xmlns=")
                .doesNotContain("location");
        assertThat(request.by(MrasRequest.Route.LOAD_BALANCED).toXml()).contains(" route=\"loadbalanced\"");
    }

    @Test
    void whatANameContainsCannotEndItsElement() {
        MrasRequest request = new MrasRequest(
                "\"><x/>",
                "a&b",
                "<c>",
                "d\u0000]]>",
                Optional.empty(),
                Optional.of(Duration.ofMinutes(90)),
                Optional.empty());

        assertThat(request.toXml())
                .contains("requestID=\"&quot;&gt;&lt;x/&gt;\"", "a&amp;b", "&lt;c&gt;", "d ]]&gt;", "<duration>90<")
                .doesNotContain("<location>");
        assertThatThrownBy(() -> new MrasRequest(
                        "1", "a", "b", "c", Optional.empty(), Optional.of(Duration.ofSeconds(59)), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT59S");
    }

    @Test
    void anAnswerNamesCredentialsAndRelays() {
        MrasResponse response = parsed("OK", token(2, 36, NOW.plus(Duration.ofDays(6))));
        Credentials credentials = response.credentials().orElseThrow();

        assertThat(response.requestId()).isEqualTo("7");
        assertThat(response.reason()).isEqualTo(MrasReason.OK);
        assertThat(credentials.passwordBytes()).asString().isEqualTo("secret");
        assertThat(credentials.usernameBytes()).hasSize(56);
        assertThat(credentials.toString()).doesNotContain("secret", "c2VjcmV0");
        assertThat(response.relays())
                .containsExactly(
                        new MediaRelay(
                                Optional.of(RelayLocation.INTERNET),
                                "av.example.com",
                                Optional.of(3478),
                                Optional.of(443)),
                        new MediaRelay(
                                Optional.of(RelayLocation.INTRANET), "192.0.2.7", Optional.empty(), Optional.of(443)));
    }

    @Test
    void whatOtherServersSayBesidesIsPassedOver() {
        String answer = ANSWER.formatted("OK", "AAAA")
                .replace(
                        "<duration>480",
                        "<policy><duration>1</duration><limit unit=\"x\">7</limit></policy><!-- why not --><duration>480")
                .replace(
                        "<credentialsResponse ",
                        "<extra><username>BBBB</username></extra><x:credentials xmlns:x=\"urn:x\">"
                                + "<username>CCCC</username></x:credentials><credentialsResponse ")
                .replace(
                        "<hostName>av.",
                        "<x:hostName xmlns:x=\"urn:x\">other.example.com</x:hostName><path><hop>1</hop></path><hostName>av.");

        MrasResponse response = MrasResponse.parse(answer);

        assertThat(response.credentials().orElseThrow())
                .isEqualTo(new Credentials("AAAA", "c2VjcmV0", Optional.of(Duration.ofMinutes(480)), Optional.empty()));
        assertThat(response.relays()).extracting(MediaRelay::host).containsExactly("av.example.com", "192.0.2.7");
        assertThat(response.serverVersion()).isEqualTo("2.0");
    }

    // a foreign element must not be taken for one of the format, wherever it stands
    @Test
    void elementsOfOtherNamespacesAreNotTheFormats() {
        String foreign = "<x:hostName xmlns:x=\"urn:x\">other.example.com</x:hostName>";
        String answer = ANSWER.formatted("OK", "AAAA")
                .replace("av.example.com</hostName>", "av.example.com</hostName>" + foreign);

        assertThat(MrasResponse.parse(answer).relays().get(0).host()).isEqualTo("av.example.com");
    }

    @Test
    void anElementThatShouldSaySomethingAndHasElementsInsteadSaysNothing() {
        String answer = ANSWER.formatted("OK", "AAAA").replace("c2VjcmV0", "c2V<b/>jcmV0");

        assertThat(MrasResponse.parse(answer).credentials()).isEmpty();
    }

    @Test
    void aPhraseThatNobodyKnowsIsKept() {
        MrasResponse response = parsed("No&#10;Licence", "AAAA");

        assertThat(response.reason()).isEqualTo(MrasReason.UNKNOWN);
        assertThat(response.phrase()).isEqualTo("No Licence");
        assertThat(parsed("x".repeat(5_000), "AAAA").phrase()).hasSize(100);
    }

    // digest §2.2: low word first, in both versions of the token
    @ParameterizedTest
    @CsvSource({"1, 32, 60", "2, 36, 60", "1, 32, 6000", "2, 36, 6000"})
    void credentialsExpireWhenTheTokenOrTheAnswerSaysSo(int version, int length, int minutes) {
        Instant token = NOW.plus(Duration.ofMinutes(minutes));
        Credentials credentials =
                parsed("OK", token(version, length, token)).credentials().orElseThrow();

        Instant stated = NOW.plus(Duration.ofMinutes(480));
        assertThat(credentials.expiry(NOW)).contains(token.isBefore(stated) ? token : stated);
    }

    @Test
    void aNameThatIsNoTokenSaysNothingOfItsEnd() {
        assertThat(RelayToken.expiry(new byte[0])).isEmpty();
        assertThat(RelayToken.expiry(new byte[56])).isEmpty();
        assertThat(RelayToken.expiry(Base64.getDecoder().decode(token(3, 36, NOW))))
                .isEmpty();
        assertThat(RelayToken.expiry(Base64.getDecoder().decode(token(1, 36, NOW))))
                .isEmpty();
        ByteBuffer negative = ByteBuffer.wrap(Base64.getDecoder().decode(token(1, 32, NOW)));
        negative.order(ByteOrder.BIG_ENDIAN).putInt(8, -1);
        assertThat(RelayToken.expiry(negative.array())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MrasReason.class)
    void everyReasonIsKnownByItsPhrase(MrasReason reason) {
        assertThat(parsed(reason.phrase(), "AAAA").reason()).isEqualTo(reason);
        assertThat(parsed(reason.phrase().toUpperCase(java.util.Locale.ROOT), "AAAA")
                        .reason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no xml",
                "<response/>",
                "<request xmlns=\"http://schemas.microsoft.com/2006/09/sip/mrasp\"/>",
                "<response xmlns=\"http://schemas.microsoft.com/2006/09/sip/mrasp\">",
                "<!DOCTYPE response [<!ENTITY a \"b\">]><response"
                        + " xmlns=\"http://schemas.microsoft.com/2006/09/sip/mrasp\">&a;</response>"
            })
    void whatIsNoAnswerIsRefusedWithAReason(String body) {
        assertThatThrownBy(() -> MrasResponse.parse(body))
                .isInstanceOf(MrasException.class)
                .hasMessageContaining("the answer");
    }

    @Test
    void anEntityOpensNoFileAndNothingGrows() {
        String file = Path.of("/etc/hostname").toUri().toString();
        assertThatThrownBy(() -> MrasResponse.parse("<!DOCTYPE r [<!ENTITY x SYSTEM \"" + file + "\">]>"
                        + ANSWER.formatted("OK", "&x;").replaceFirst("<\\?xml.*\\?>", "")))
                .isInstanceOf(MrasException.class)
                .hasMessageContaining("document type");
        assertThatThrownBy(() -> MrasResponse.parse(ANSWER.formatted("OK", "A".repeat(70_000))))
                .isInstanceOf(MrasException.class)
                .hasMessageContaining("more than 65536");
        String relay = "<mediaRelay><hostName>a</hostName></mediaRelay>";
        assertThat(MrasResponse.parse(ANSWER.formatted("OK", "AAAA")
                                .replace("<mediaRelayList>", "<mediaRelayList>" + relay.repeat(1000)))
                        .relays())
                .hasSize(64);
    }

    @Test
    void credentialsThatAreNoBase64AreNone() {
        assertThatThrownBy(() -> parsed("OK", "A")).isInstanceOf(MrasException.class);
        assertThat(parsed("Forbidden", "").credentials()).isEmpty();
    }
}
