// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.icepath.ice.CheckForm;

/** One check of a pair: its forms, each a transaction and a beat of its own. It has failed when all forms have. */
final class Attempt {

    private final CheckPair pair;
    private List<CheckForm> forms;
    private final boolean nominates;
    private final boolean triggered;
    private final long startedAt;
    private int begun;
    private int ended;

    /**
     * Makes an attempt of which nothing was sent yet.
     *
     * @param nominates whether it carries USE-CANDIDATE because the pair was picked (RFC 8445 §8.1.1)
     * @param triggered whether a check of the peer caused it (RFC 8445 §7.3.1.4)
     */
    Attempt(CheckPair pair, List<CheckForm> forms, boolean nominates, boolean triggered, long startedAt) {
        this.pair = pair;
        this.forms = forms;
        this.nominates = nominates;
        this.triggered = triggered;
        this.startedAt = startedAt;
    }

    CheckPair pair() {
        return pair;
    }

    boolean nominates() {
        return nominates;
    }

    boolean triggered() {
        return triggered;
    }

    long startedAt() {
        return startedAt;
    }

    /** Whether its first form was sent. */
    boolean hasBegun() {
        return begun > 0;
    }

    /** Whether a form was not sent yet and its verdict still counts. */
    boolean hasMoreForms() {
        return begun < forms.size() && pair.attempt() == this;
    }

    /**
     * Leaves out forms that were not sent yet and would be in vain.
     *
     * @return whether all that are left have failed
     */
    boolean retain(Predicate<CheckForm> readable) {
        List<CheckForm> left = new ArrayList<>(forms.subList(0, begun));
        forms.stream().skip(begun).filter(readable).forEach(left::add);
        forms = left;
        return ended == forms.size();
    }

    /** The next form to send. */
    CheckForm nextForm() {
        return forms.get(begun++);
    }

    /**
     * Takes the failure of one form.
     *
     * @return whether all forms have failed
     */
    boolean formFailed() {
        ended++;
        return ended == forms.size();
    }
}
