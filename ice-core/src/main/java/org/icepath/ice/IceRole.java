// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** The role of an agent towards one peer (RFC 8445 §4). It follows from who offered, from lite and from conflict repair. */
public enum IceRole {
    /** Nominates the pairs that media will use. */
    CONTROLLING,
    /** Follows the nominations of the other side. */
    CONTROLLED;

    /** The role that the other side has. */
    public IceRole other() {
        return this == CONTROLLING ? CONTROLLED : CONTROLLING;
    }
}
