// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.icepath.turn.TurnCredentials;

/**
 * User name and password as bytes: what a media relay authentication service gives in base64 ([MS-AVEDGEA], seen). What is no base64 is
 * taken as text, for servers of tests.
 */
record MsCredentials(byte[] username, byte[] password) {

    static MsCredentials of(TurnCredentials credentials) {
        String secret = credentials instanceof TurnCredentials.LongTerm longTerm ? longTerm.password() : "";
        return new MsCredentials(bytes(credentials.username()), bytes(secret));
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException plain) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public String toString() {
        return "MsCredentials";
    }
}
