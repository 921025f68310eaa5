// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.icepath.stun.Attribute;

/** A dialect's rows by code point: adding a row is adding a constant. Immutable. */
record RowsByType(Map<Integer, Attribute<?>> rows) {

    static RowsByType ofConstants(Class<?> holder) {
        Map<Integer, Attribute<?>> rows = new TreeMap<>();
        for (Field field : holder.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers()) && field.getType() == Attribute.class) {
                Attribute<?> row = constant(field);
                if (rows.put(row.type(), row) != null) {
                    throw new IllegalStateException("two rows of type " + Integer.toHexString(row.type()));
                }
            }
        }
        return new RowsByType(rows);
    }

    private static Attribute<?> constant(Field field) {
        try {
            return (Attribute<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant is readable", e);
        }
    }

    RowsByType and(Attribute<?>... more) {
        Map<Integer, Attribute<?>> all = new TreeMap<>(rows);
        for (Attribute<?> row : more) {
            all.put(row.type(), row);
        }
        return new RowsByType(all);
    }

    List<Attribute<?>> all() {
        return List.copyOf(rows.values());
    }

    Optional<Attribute<?>> find(int type) {
        return Optional.ofNullable(rows.get(type));
    }
}
