// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** The state of a candidate pair in its check list (RFC 8445 §6.1.2.6). */
public enum PairState {
    /** May not be checked yet: another pair of its foundation goes first. */
    FROZEN,
    /** May be checked, and was not yet. */
    WAITING,
    /** A check was sent and is not answered yet. */
    IN_PROGRESS,
    /** A check was answered with success. */
    SUCCEEDED,
    /** A check was not answered, or refused beyond repair. */
    FAILED
}
