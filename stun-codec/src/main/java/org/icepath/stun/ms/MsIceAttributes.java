// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import static org.icepath.stun.Attribute.flag;
import static org.icepath.stun.Attribute.opaque;
import static org.icepath.stun.Attribute.uint32;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;

/** What MS-ICE2 adds to a connectivity check ([MS-ICE2] §2.2.2), and what its clients were seen to send besides. */
public final class MsIceAttributes {

    /** May be filled with NUL, see {@link NulFilled} (seen). */
    public static final Attribute<ByteBuffer> USERNAME = opaque(0x0006, "USERNAME", 0, 512);
    /** The foundation of the sender's candidate; may be filled with NUL, see {@link NulFilled} (specified, seen). */
    public static final Attribute<ByteBuffer> CANDIDATE_IDENTIFIER = opaque(0x8054, "CANDIDATE-IDENTIFIER", 0, 128);
    /** 0 to 2: MS-ICE2's own integrity; 3 and more: that of RFC 5389 (specified; 2, 3 and 7 were seen). */
    public static final Attribute<Long> IMPLEMENTATION_VERSION = uint32(0x8070, "IMPLEMENTATION-VERSION");
    /** Of unknown meaning, empty, in checks after the nomination (seen). */
    public static final Attribute<Boolean> MS_8033 = flag(0x8033, "MS-0x8033");
    /** Of unknown meaning; 1 was seen. */
    public static final Attribute<Long> MS_8036 = uint32(0x8036, "MS-0x8036");

    private static final RowsByType ROWS = RowsByType.ofConstants(MsIceAttributes.class)
            .and(MsTurnAttributes.APP_ID, MsTurnAttributes.MULTIPLEXED_SESSION_ID);

    private MsIceAttributes() {}

    /** The rows that the standard does not have. */
    public static List<Attribute<?>> all() {
        return ROWS.all();
    }

    /** The row of a code point in a check: one of this dialect's, else the standard's; empty when neither has one. */
    public static Optional<Attribute<?>> byType(int type) {
        return ROWS.find(type).or(() -> Attributes.byType(type));
    }
}
