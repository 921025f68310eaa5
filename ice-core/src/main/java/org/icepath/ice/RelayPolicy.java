// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/**
 * Which relay allocations stay once a call's paths are selected. One that goes has carried nothing for a while, no path of any peer
 * uses it, and no offer or answer is open that could name it.
 */
public enum RelayPolicy {
    // from the one that keeps least to the one that keeps most
    /** Every relay that no path uses goes. Failing over to a relay then takes an ICE restart, for which they are asked for anew. */
    RELEASE,
    /** One relay of each component stays to the end of the session, as a reserve; the others go. The default. */
    KEEP_ONE,
    /** All stay to the end of the session. */
    KEEP_ALL
}
