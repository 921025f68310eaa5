// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What the service answered.
 *
 * @param requestId of the request that this answers, empty when the answer has none
 * @param serverVersion what the service says of its version, empty when it says nothing; 1.0 and 2.0 are known
 * @param reason the outcome
 * @param phrase the outcome as it came, also where it is none of the known ones; at most 100 characters, none of them a control
 * @param credentials empty unless the reason is {@link MrasReason#OK}
 * @param relays at most 64, in the order of the answer
 */
public record MrasResponse(
        String requestId,
        String serverVersion,
        MrasReason reason,
        String phrase,
        Optional<Credentials> credentials,
        List<MediaRelay> relays) {

    private static final int LONGEST_PHRASE = 100;

    public MrasResponse {
        phrase = shortened(phrase);
        relays = List.copyOf(relays);
    }

    private static String shortened(String phrase) {
        String line = phrase.replaceAll("\\p{Cntrl}", " ").strip();
        return line.length() <= LONGEST_PHRASE ? line : line.substring(0, LONGEST_PHRASE);
    }

    /**
     * Credentials for the relays.
     *
     * @param username base64, as it came
     * @param password base64, as it came; not printed
     * @param duration how long they last from the moment of the answer; empty when it does not say
     * @param realm empty when the answer has none, which is the rule
     */
    public record Credentials(String username, String password, Optional<Duration> duration, Optional<String> realm) {

        /** @throws IllegalArgumentException when name or password are no base64 */
        public Credentials {
            Base64.getMimeDecoder().decode(username);
            Base64.getMimeDecoder().decode(password);
        }

        /** The user name in base64, without what may stand in between. */
        public String usernameText() {
            return Base64.getEncoder().encodeToString(usernameBytes());
        }

        /** The password in base64, likewise. */
        public String passwordText() {
            return Base64.getEncoder().encodeToString(passwordBytes());
        }

        /** The bytes that go on the wire as USERNAME. */
        public byte[] usernameBytes() {
            return Base64.getMimeDecoder().decode(username);
        }

        /** The bytes that go into the key. */
        public byte[] passwordBytes() {
            return Base64.getMimeDecoder().decode(password);
        }

        /**
         * When they expire: what the token says or what the answer says, whichever is earlier.
         *
         * @param received when the answer came
         * @return empty when neither says anything
         */
        public Optional<Instant> expiry(Instant received) {
            Optional<Instant> stated = duration.map(received::plus);
            Optional<Instant> token = RelayToken.expiry(usernameBytes());
            if (stated.isEmpty() || token.isEmpty()) {
                return stated.or(() -> token);
            }
            return stated.get().isBefore(token.get()) ? stated : token;
        }

        @Override
        public String toString() {
            return "Credentials[" + duration.map(Duration::toString).orElse("no duration") + "]";
        }
    }

    /**
     * Reads a body. Document type declarations and external entities are refused, and so is a body over 64 KiB.
     *
     * @throws MrasException when it is no answer of such a service; says where
     */
    public static MrasResponse parse(String xml) {
        return new ResponseReader(xml).read();
    }
}
