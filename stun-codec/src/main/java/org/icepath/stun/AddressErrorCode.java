// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.util.Objects;

/**
 * Why one family of a dual allocation was not given (RFC 8656 §18.12).
 *
 * @param family which one
 * @param error why
 */
public record AddressErrorCode(AddressFamily family, ErrorCode error) {

    public AddressErrorCode {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(error, "error");
    }
}
