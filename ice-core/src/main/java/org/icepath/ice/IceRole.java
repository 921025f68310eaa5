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

    /**
     * Our role where the implementations decide it: a full agent controls a lite one, which never checks (RFC 8445 §6.1.1).
     *
     * @param otherwise our role where both are of one kind
     */
    public static IceRole between(boolean weAreLite, boolean theyAreLite, IceRole otherwise) {
        if (weAreLite == theyAreLite) {
            return otherwise;
        }
        return weAreLite ? CONTROLLED : CONTROLLING;
    }
}
