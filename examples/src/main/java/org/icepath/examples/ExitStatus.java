// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

/** How usage texts tell what commands end with. */
public final class ExitStatus {

    /** Stands above the list of statuses. */
    public static final String HEADING = "%nExit status:%n";

    private ExitStatus() {}
}
