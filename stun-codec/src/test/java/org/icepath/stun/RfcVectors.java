// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The messages of RFC 5769 and RFC 8489 B.1, from {@code rfc-vectors.txt}. */
public final class RfcVectors {

    /** The password of RFC 5769 §2.1 to §2.3. */
    public static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    private RfcVectors() {}

    /** A message by its name, such as {@code rfc5769-2.1-request}. */
    public static ByteBuffer message(String name) {
        return ByteBuffer.wrap(bytes(name));
    }

    /** The bytes of a message by its name. */
    public static byte[] bytes(String name) {
        return Objects.requireNonNull(all().get(name), name);
    }

    /** All of them. */
    public static Map<String, byte[]> all() {
        Map<String, StringBuilder> hex = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        for (String line : text().lines().toList()) {
            if (line.startsWith("  ")) {
                current.append(line.strip());
            } else if (!line.startsWith("#")) {
                current = hex.computeIfAbsent(line, name -> new StringBuilder());
            }
        }
        Map<String, byte[]> messages = new LinkedHashMap<>();
        hex.forEach((name, digits) -> messages.put(name, HexFormat.of().parseHex(digits)));
        return messages;
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(RfcVectors.class.getResourceAsStream("rfc-vectors.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
