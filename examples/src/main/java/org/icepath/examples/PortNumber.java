// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

/** A port to listen at; 0 is any that is free. */
final class PortNumber extends WholeNumber {

    PortNumber() {
        super(0, 65_535);
    }
}
