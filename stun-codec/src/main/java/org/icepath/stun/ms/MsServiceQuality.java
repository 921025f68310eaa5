// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;

/**
 * MS-Service Quality ([MS-TURN] §2.2.2.22): what an allocation is for. Without it a server assumes audio and best effort.
 *
 * @param streamType 1 audio, 2 video, 3 supplemental video, 4 data; other numbers are kept
 * @param quality 0 best effort, 1 reliable; other numbers are kept (2 was seen)
 */
public record MsServiceQuality(int streamType, int quality) {

    public static final int AUDIO = 1;
    public static final int VIDEO = 2;
    public static final int SUPPLEMENTAL_VIDEO = 3;
    public static final int DATA = 4;
    public static final int BEST_EFFORT = 0;
    public static final int RELIABLE = 1;

    static final int LENGTH = 4;

    public MsServiceQuality {
        if (streamType < 0 || streamType > 0xFFFF || quality < 0 || quality > 0xFFFF) {
            throw new IllegalArgumentException(
                    "stream type " + streamType + " and quality " + quality + " have 16 bits");
        }
    }

    static MsServiceQuality read(ByteBuffer value) {
        return new MsServiceQuality(value.getShort() & 0xFFFF, value.getShort() & 0xFFFF);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putShort((short) streamType)
                .putShort((short) quality)
                .array();
    }
}
