// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/** What went wrong with the checks of one pair (RFC 8445 §7.2.5.2). Made with the first failure: most pairs in use have none. */
final class CheckFailures {

    private String last = "";
    private int lastCode;
    private int refusals;

    /** What went wrong last, for people; empty when only an answer refused. */
    String last() {
        return last;
    }

    /** Something went wrong. */
    void add(String why) {
        last = why;
    }

    /** The STUN error code that the peer has the latest check fail with; 0 where it failed otherwise, or a refusal was got over. */
    int lastCode() {
        return lastCode;
    }

    /** A check has failed because the peer answered with an error. */
    void answeredWith(int code) {
        lastCode = code;
    }

    /** Another check begins: how the one before was answered is got over. */
    void checkedAnew() {
        lastCode = 0;
    }

    /** Counts an authenticated refusal of a check; returns how many there were. */
    int countRefusal() {
        return ++refusals;
    }
}
