// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** The one exception with which futures of this library fail. */
public final class IceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient IceFailure failure;

    public IceException(IceFailure failure) {
        super(failure.kind() + ": " + failure.explanation());
        this.failure = failure;
    }

    /** What failed and what was tried. */
    public IceFailure failure() {
        return failure;
    }
}
