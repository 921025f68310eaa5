// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our code points against the checked-in copy of the IANA registry. */
class RegistryTest {

    /** In use under code points that the registry has under no or another name. */
    private static final Set<Attribute<?>> NOT_REGISTERED = Set.of(
            Attributes.ADDITIONAL_ADDRESS_FAMILY_DRAFT,
            Attributes.ADDRESS_ERROR_CODE_DRAFT,
            Attributes.MAGIC_COOKIE,
            Attributes.XOR_MAPPED_ADDRESS_2005,
            Attributes.ORIGIN,
            Attributes.NOMINATION);

    private static final Set<Integer> ERRORS_OF_RFC_3489 = Set.of(430, 431, 432);

    @Test
    void everyRegisteredAttributeHasARowOfThatName() throws IOException {
        Map<Integer, String> registered = registry("attribute");

        assertThat(registered).hasSizeGreaterThan(60);
        registered.forEach((code, name) -> assertThat(Attributes.byType(code))
                .as("0x%04x %s", code, name)
                .hasValueSatisfying(row -> {
                    if (!NOT_REGISTERED.contains(row)) {
                        assertThat(row.name()).isEqualTo(name);
                    }
                }));
    }

    @Test
    void everyRowIsRegisteredOrKnownNotToBe() throws IOException {
        Map<Integer, String> registered = registry("attribute");

        for (Attribute<?> row : Attributes.all()) {
            boolean sameName = row.name().equals(registered.get(row.type()));
            assertThat(sameName || NOT_REGISTERED.contains(row)).as("%s", row).isTrue();
        }
    }

    @Test
    void rowsAreFoundByTheirCodePointAndByNoOther() {
        Set<Integer> types = new java.util.HashSet<>();
        for (Attribute<?> row : Attributes.all()) {
            assertThat(Attributes.byType(row.type()))
                    .hasValueSatisfying(found -> assertThat(found).isSameAs(row));
            types.add(row.type());
        }
        for (int type = 0; type <= 0xFFFF; type++) {
            assertThat(Attributes.isKnown(type)).as("0x%04x", type).isEqualTo(types.contains(type));
        }
    }

    @Test
    void everyRegisteredMethodHasAConstantOfThatName() throws IOException {
        Map<Integer, String> ours = new TreeMap<>();
        for (StunMethod method : constants(StunMethod.class, StunMethod.class)) {
            ours.put(method.code(), method.name());
        }
        assertThat(ours.remove(StunMethod.GOOG_PING.code())).isEqualTo("GOOG-PING"); // in use, not in our copy

        assertThat(ours).isEqualTo(registry("method"));
    }

    @Test
    void everyRegisteredErrorCodeHasAConstantOfThatName() throws IOException {
        Map<Integer, String> ours = new TreeMap<>();
        for (Field field : ErrorCode.class.getFields()) {
            ours.put(value(field, Integer.class), field.getName());
        }
        ours.keySet().removeAll(ERRORS_OF_RFC_3489);
        Map<Integer, String> registered = registry("error");
        registered.replaceAll((code, name) -> name.toUpperCase(Locale.ROOT).replace(' ', '_'));

        assertThat(ours).isEqualTo(registered);
    }

    @Test
    void methodAndClassShareTheTypeAsTheStandardDraws() {
        for (int code = 0; code <= 0xFFF; code++) {
            StunMethod method = new StunMethod(code);
            for (StunClass messageClass : StunClass.values()) {
                int type = method.bits() | messageClass.bits();
                assertThat(type >>> 14).isZero();
                assertThat(StunMethod.of(type)).isEqualTo(method);
                assertThat(StunClass.of(type)).isEqualTo(messageClass);
            }
        }
        // RFC 8489 §5 and RFC 8656 §17: the types as they are written out.
        assertThat(StunMethod.BINDING.bits() | StunClass.REQUEST.bits()).isEqualTo(0x0001);
        assertThat(StunMethod.BINDING.bits() | StunClass.INDICATION.bits()).isEqualTo(0x0011);
        assertThat(StunMethod.BINDING.bits() | StunClass.SUCCESS.bits()).isEqualTo(0x0101);
        assertThat(StunMethod.BINDING.bits() | StunClass.ERROR.bits()).isEqualTo(0x0111);
        assertThat(StunMethod.GOOG_PING.bits()).isEqualTo(0x0200);
    }

    private static Map<Integer, String> registry(String registry) throws IOException {
        Map<Integer, String> names = new TreeMap<>();
        String resource = "iana-stun-parameters.csv";
        try (InputStream in = Objects.requireNonNull(RegistryTest.class.getResourceAsStream(resource))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] cells = line.split(",", -1);
                if (cells[0].equals(registry)) {
                    names.put(Integer.decode(cells[1]), cells[2].replaceFirst("^was ", ""));
                }
            }
        }
        return names;
    }

    private static <T> List<T> constants(Class<?> holder, Class<T> type) {
        List<T> constants = new ArrayList<>();
        for (Field field : holder.getFields()) {
            constants.add(value(field, type));
        }
        return constants;
    }

    private static <T> T value(Field field, Class<T> type) {
        try {
            return type.cast(field.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
