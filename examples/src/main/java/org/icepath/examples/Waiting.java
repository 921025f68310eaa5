// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

/** How long a description may wait for servers: what a session takes as its deadline for gathering. */
public final class Waiting extends Seconds {

    Waiting() {
        super(60);
    }
}
