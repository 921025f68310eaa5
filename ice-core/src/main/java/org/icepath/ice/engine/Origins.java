// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.SessionOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Counts our descriptions in one dialog (RFC 3264 §8): one more where a description says something else than the one before, the same
 * where it says the same, also when that was refused. Not thread-safe.
 */
final class Origins {

    private static final CandidateAddress NOWHERE = CandidateAddress.of("0.0.0.0", 9);

    private final long session;
    private @Nullable IceDescription last;
    private @Nullable SessionOrigin origin;

    /** @param fragment our first username fragment, which tells the session from others of the machine */
    Origins(String fragment) {
        this.session = Integer.toUnsignedLong(fragment.hashCode());
    }

    private Origins(Origins from) {
        this.session = from.session;
        this.last = from.last;
        this.origin = from.origin;
    }

    /** One that goes on from here: forks have the first offer in common. */
    Origins branch() {
        return new Origins(this);
    }

    /** The description with its place in the dialog. */
    IceDescription next(IceDescription description) {
        SessionOrigin before = origin;
        SessionOrigin now = before;
        if (now == null) {
            now = new SessionOrigin(session, 1, addressOf(description));
        } else if (last == null || !description.equals(last)) {
            now = new SessionOrigin(session, now.version() + 1, now.address());
        }
        last = description;
        origin = now;
        return description.toBuilder().origin(now).build();
    }

    private static CandidateAddress addressOf(IceDescription description) {
        return description.streams().stream()
                .flatMap(stream -> stream.destination().stream())
                .findFirst()
                .orElse(NOWHERE);
    }
}
