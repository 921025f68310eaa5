// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Objects;

/**
 * Which session a description is of, and which of its descriptions it is: what the o= line says (RFC 8866 §5.2). Throughout a dialog all but
 * the version stays as it was, and the version is one more than before wherever the description says something else (RFC 3264 §8).
 *
 * @param id of the session, 0 and up
 * @param version of the description, 0 and up
 * @param address of the machine that began the session; nobody sends there
 */
public record SessionOrigin(long id, long version, CandidateAddress address) {

    /** @throws IllegalArgumentException when a number is negative */
    public SessionOrigin {
        Objects.requireNonNull(address, "address");
        if (id < 0 || version < 0) {
            throw new IllegalArgumentException("session " + id + ", version " + version + ", expected 0 or more");
        }
    }
}
