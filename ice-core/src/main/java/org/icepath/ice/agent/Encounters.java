// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/**
 * What an agent has met with, besides its pairs.
 *
 * @param checks authentic checks of the peer's
 * @param forgeries checks with the peer's username and a wrong password
 * @param roleConflicts checks of ours that the peer refused because it claims our role (RFC 8445 §7.2.5.1)
 */
public record Encounters(long checks, long forgeries, long roleConflicts) {

    /** Nothing at all. */
    public static final Encounters NONE = new Encounters(0, 0, 0);

    /** Those of two agents together. */
    public Encounters plus(Encounters other) {
        return new Encounters(checks + other.checks, forgeries + other.forgeries, roleConflicts + other.roleConflicts);
    }

    Encounters withCheck() {
        return new Encounters(checks + 1, forgeries, roleConflicts);
    }

    Encounters withForgery() {
        return new Encounters(checks, forgeries + 1, roleConflicts);
    }

    Encounters withRoleConflict() {
        return new Encounters(checks, forgeries, roleConflicts + 1);
    }
}
