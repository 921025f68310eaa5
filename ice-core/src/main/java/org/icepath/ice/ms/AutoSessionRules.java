// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import org.icepath.ice.RemoteTraits;
import org.icepath.ice.SessionRules;

/** Until a dialect is settled nothing is nominated and nothing ends; then the rules are that dialect's. */
final class AutoSessionRules implements SessionRules {

    static final AutoSessionRules INSTANCE = new AutoSessionRules();

    private AutoSessionRules() {}

    @Override
    public SessionRules towards(RemoteTraits traits) {
        return traits.fact(AutoCheckDialect.SETTLED)
                .map(dialect -> dialect.equals(AutoCheckDialect.MS) ? MsSessionRules.INSTANCE : RFC8445)
                .orElse(this);
    }

    @Override
    public boolean mayNominate(RemoteTraits traits) {
        return false;
    }

    @Override
    public boolean repeatedTransactionIsNew() {
        return true;
    }

    /** Before it is settled the limits are those that neither dialect's readers mind. */
    @Override
    public int mostPairs() {
        return Math.min(RFC8445.mostPairs(), MsSessionRules.INSTANCE.mostPairs());
    }

    @Override
    public int mostPeers() {
        return Math.min(RFC8445.mostPeers(), MsSessionRules.INSTANCE.mostPeers());
    }

    @Override
    public String toString() {
        return "not settled";
    }
}
