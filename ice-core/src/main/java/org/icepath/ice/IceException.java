// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** The one exception with which futures of an ICE session fail, and with which descriptions are refused, where a method names no other. */
public final class IceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient IceFailure failure;

    /** An exception that carries why. */
    public IceException(IceFailure failure) {
        super(failure.kind() + ": " + failure.explanation());
        this.failure = failure;
    }

    /** What failed and what was tried. */
    public IceFailure failure() {
        return failure;
    }
}
