// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.nio.ByteBuffer;

/**
 * One frame of a capture file.
 *
 * @param number counts from 1
 * @param timeNanos nanoseconds since 1970
 * @param linkType what the bytes begin with (LINKTYPE_ of tcpdump.org)
 * @param data the captured bytes, position 0 to limit, read-only
 */
public record CapturedFrame(int number, long timeNanos, int linkType, ByteBuffer data) {}
