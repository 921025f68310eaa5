// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

/** How long a session may try: what its timings take (RFC 8863 §4). */
public final class Patience extends Seconds {

    Patience() {
        super(3_600);
    }
}
