// SPDX-License-Identifier: Apache-2.0
/**
 * Recorded packets: readers of capture files, and what STUN and TURN messages are in them.
 *
 * <p>{@link org.icepath.testkit.capture.CaptureReader} gives the frames of a pcap or pcapng file, {@link
 * org.icepath.testkit.capture.PacketReader} the UDP datagrams and TCP segments in them, and {@link
 * org.icepath.testkit.capture.CaptureDecoder} one row for each STUN, ChannelData or multiplexed TURN message, TCP reassembled. The
 * rows come from a structural walk of its own, which knows more layouts than the codec does, so that they can be set against what the
 * codec reads.
 *
 * <p>All of it works on whole files in memory, and is not thread-safe.
 */
@NullMarked
package org.icepath.testkit.capture;

import org.jspecify.annotations.NullMarked;
