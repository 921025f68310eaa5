// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;

/** What a request is signed with and its answers are verified by (RFC 8489 §9.2). Confined to the thread of its allocation. */
public interface TurnSignature {

    /** Of requests that are not signed: nothing is written, and every answer is believed. */
    TurnSignature NONE = new TurnSignature() {
        @Override
        public void sign(StunWriter writer, StunMethod method) {
            // Nobody has asked for it yet.
        }

        @Override
        public boolean verifies(StunMessage answer) {
            return true;
        }

        @Override
        public String toString() {
            return "not signed";
        }
    };

    /** Closes a request with credentials and integrity. */
    void sign(StunWriter writer, StunMethod method);

    /** Whether an answer proves that its sender has the key. */
    boolean verifies(StunMessage answer);
}
