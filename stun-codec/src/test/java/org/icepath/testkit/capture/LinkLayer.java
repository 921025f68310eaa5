// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds the IP packet in a frame, by the link types that tcpdump.org lists. */
final class LinkLayer {

    private static final int NULL = 0;
    private static final int ETHERNET = 1;
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int RAW = 101;
    private static final int LOOP = 108;
    private static final int LINUX_COOKED = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_COOKED_2 = 276;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_SERVICE_VLAN = 0x88A8;
    private static final int TYPE_OLD_SERVICE_VLAN = 0x9100;
    private static final int TYPE_PPPOE = 0x8864;

    private LinkLayer() {}

    /** Whether IP packets are found in frames of this link type. */
    static boolean knows(int linkType) {
        return switch (linkType) {
            case NULL, ETHERNET, RAW_BSD, RAW_OPENBSD, RAW, LOOP, LINUX_COOKED, IPV4, IPV6, LINUX_COOKED_2 -> true;
            default -> false;
        };
    }

    /** The IP packet of a frame; null when there is none, or the link type is not known. */
    static @Nullable ByteBuffer networkPacket(int linkType, ByteBuffer frame) {
        return switch (linkType) {
            case ETHERNET -> byEtherType(frame, 12);
            case LINUX_COOKED -> byEtherType(frame, 14);
            case LINUX_COOKED_2 -> after(frame, 0, 20);
            case NULL, LOOP -> from(frame, 4);
            case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> from(frame, 0);
            default -> null;
        };
    }

    private static @Nullable ByteBuffer byEtherType(ByteBuffer frame, int typeAt) {
        return after(frame, typeAt, typeAt + 2);
    }

    /** What follows at {@code at}, if the EtherType at {@code typeAt} says IP, through any VLAN tags. */
    private static @Nullable ByteBuffer after(ByteBuffer frame, int typeAt, int at) {
        if (frame.limit() < at) {
            return null;
        }
        int type = (frame.get(typeAt) & 0xFF) << 8 | (frame.get(typeAt + 1) & 0xFF);
        return switch (type) {
            case TYPE_IPV4, TYPE_IPV6 -> from(frame, at);
            case TYPE_VLAN, TYPE_SERVICE_VLAN, TYPE_OLD_SERVICE_VLAN -> after(frame, at + 2, at + 4);
            case TYPE_PPPOE -> from(frame, at + 8);
            default -> null;
        };
    }

    private static @Nullable ByteBuffer from(ByteBuffer frame, int at) {
        return frame.limit() > at ? frame.slice(at, frame.limit() - at) : null;
    }
}
