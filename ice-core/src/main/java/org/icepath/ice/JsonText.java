// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes one JSON value (RFC 8259) from left to right. Names and strings may hold anything: much of a report's text is what a
 * server or the peer has sent. Not thread-safe.
 */
final class JsonText {

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    JsonText beginObject() {
        text.append('{');
        first = true;
        return this;
    }

    JsonText endObject() {
        text.append('}');
        first = false;
        return this;
    }

    JsonText field(String name, String value) {
        return name(name).string(value);
    }

    JsonText field(String name, long value) {
        return name(name).raw(Long.toString(value));
    }

    JsonText field(String name, boolean value) {
        return name(name).raw(Boolean.toString(value));
    }

    /** In plain notation: never an exponent, never NaN. */
    JsonText field(String name, BigDecimal value) {
        return name(name).raw(value.toPlainString());
    }

    /** A field whose value is an array with what {@code element} writes for each value. */
    <T> JsonText array(String name, List<T> values, BiConsumer<JsonText, ? super T> element) {
        name(name).raw("[");
        first = true;
        for (T value : values) {
            separate();
            element.accept(this, value);
        }
        text.append(']');
        first = false;
        return this;
    }

    /** A value of its own, as in an array. */
    JsonText string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            escape(value, i);
        }
        return raw("\"");
    }

    private JsonText name(String name) {
        separate();
        return string(name).raw(":");
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private JsonText raw(String written) {
        text.append(written);
        return this;
    }

    private void escape(String value, int i) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c < ' ' || c == '\u007f' || c == '\u2028' || c == '\u2029' || isLoneSurrogate(value, i)) {
            text.append("\\u%04x".formatted(isLoneSurrogate(value, i) ? 0xfffd : (int) c));
        } else {
            text.append(c);
        }
    }

    // Half a pair has no UTF-8 form (RFC 8259 §8.2): many readers would refuse the whole report for it.
    private static boolean isLoneSurrogate(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
