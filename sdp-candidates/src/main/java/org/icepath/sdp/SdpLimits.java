// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

/** Bounds on what one body may make us hold. Generous: real offers with twenty streams stay far below. */
final class SdpLimits {
    /** Characters of a line that is read; longer ones pass through unread. */
    static final int LINE_LENGTH = 4096;

    /** Lines that are read. */
    static final int LINES = 10_000;

    /** m= sections that are read. */
    static final int STREAMS = 128;

    /** Candidates of one m= section, usable or not. */
    static final int CANDIDATES = 200;

    /** Tokens of a list in one attribute: options, mids, remote candidates, extensions. */
    static final int LIST = 64;

    /** Problems that are reported. */
    static final int PROBLEMS = 100;

    private SdpLimits() {}
}
