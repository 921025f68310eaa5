// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Rows by code point. Immutable; looking up allocates nothing. */
final class AttributeTable {

    /** Code points of all known ranges fall together only at 0x__00 to 0x__7F; a direct table over them is 1 KiB. */
    private static final int SLOTS = 1024;

    private final List<Attribute<?>> rows;
    private final List<Optional<Attribute<?>>> slots;
    private final AddressKind[] kinds = new AddressKind[SLOTS];

    private AttributeTable(List<Attribute<?>> rows) {
        this.rows = List.copyOf(rows);
        List<Optional<Attribute<?>>> bySlot = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            bySlot.add(Optional.empty());
        }
        Arrays.fill(kinds, AddressKind.NO_ADDRESS);
        for (Attribute<?> row : rows) {
            int slot = slot(row.type());
            if (bySlot.get(slot).isPresent()) {
                throw new IllegalStateException(row + " and " + bySlot.get(slot).get() + " share a slot");
            }
            bySlot.set(slot, Optional.of(row));
            if (row.isAddress()) {
                kinds[slot] = row.xored() ? AddressKind.XORED : AddressKind.PLAIN;
            }
        }
        this.slots = List.copyOf(bySlot);
    }

    /** All rows that a class has as public constants: adding a row is adding a constant. */
    static AttributeTable ofConstants(Class<?> holder) {
        List<Attribute<?>> rows = new ArrayList<>();
        for (Field field : holder.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers()) && field.getType() == Attribute.class) {
                rows.add(constant(field));
            }
        }
        rows.sort(Comparator.comparingInt(Attribute::type));
        return new AttributeTable(rows);
    }

    private static Attribute<?> constant(Field field) {
        try {
            return (Attribute<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant is readable", e);
        }
    }

    List<Attribute<?>> rows() {
        return rows;
    }

    Optional<Attribute<?>> find(int type) {
        Optional<Attribute<?>> row = slots.get(slot(type));
        return row.isPresent() && row.get().type() == type ? row : Optional.empty();
    }

    boolean contains(int type) {
        return find(type).isPresent();
    }

    AddressKind addressKind(int type) {
        return contains(type) ? kinds[slot(type)] : AddressKind.NO_ADDRESS;
    }

    /** Two bits of the range and eight of the place in it. */
    private static int slot(int type) {
        return (type >>> 14 & 3) << 8 | (type & 0xFF);
    }
}
