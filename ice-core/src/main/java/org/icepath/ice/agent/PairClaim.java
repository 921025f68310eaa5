// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/** What an agent answers when the controlling peer names a pair as selected. */
public enum PairClaim {
    /** It is selected now, if it was not before; or the component takes part no longer. */
    SELECTED,
    /** It may come to be: its check is on its way, or another one of that candidate's that the peer nominated. */
    AWAITED,
    /** There is no such pair and there will be none. */
    UNKNOWN
}
