// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

/** The {@code icepath} command line. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("icepath");
    }
}
