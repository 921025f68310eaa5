// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

/** A file is no capture, or a broken one. */
public final class CaptureException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CaptureException(String message) {
        super(message);
    }
}
