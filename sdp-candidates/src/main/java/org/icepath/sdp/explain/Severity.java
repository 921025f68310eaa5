// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

/** How much a finding matters. */
public enum Severity {
    /** Worth knowing; a call may well succeed. */
    HINT,
    /** Some peers or networks will have no path. */
    WARNING,
    /** What is described cannot work. */
    ERROR
}
