// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.stream.Collectors;

/**
 * A program that speaks the line protocol of an ICE peer.
 *
 * @param name for tables
 * @param command how it is started, as a shell would read it
 */
record Program(String name, String command) {

    /** Ours; or libnice, in a control run that shows that the suite itself works. */
    static Program icepath() {
        return icepath("");
    }

    /** Ours, where many meet at a time: they starve each other at their start, and servers' answers, seconds late, are to be told. */
    static Program patientIcepath() {
        return icepath(" --wait 10");
    }

    private static Program icepath(String options) {
        if ("libnice".equals(System.getProperty("icepath.lab.peer"))) {
            return libnice();
        }
        String command = IcepathPeer.words().stream().map(Program::quoted).collect(Collectors.joining(" "));
        return new Program("icepath", command + options);
    }

    /** libnice, RFC 5245 and its successors. */
    static Program libnice() {
        return new Program("libnice", quoted(LibnicePeer.executable().toString()) + " --compat rfc5245");
    }

    /** libnice as it speaks to clients and servers of Microsoft's. */
    static Program libniceInOc2007r2() {
        return new Program("oc2007r2", quoted(LibnicePeer.executable().toString()) + " --compat oc2007r2");
    }

    /** Chromium without a window; it sends no data. */
    static Program chromium() {
        return new Program(
                "chromium",
                quoted(Surroundings.shared()
                        .resolve("interop/bin/peer-chromium")
                        .toString()));
    }

    /** libnice behind a program of ours, which can restart and count. */
    static Program libniceOfOurs() {
        return new Program("libnice", quoted(OurPeers.libnice().toString()));
    }

    /** Chromium behind a page of ours, which can restart; it sends no data. */
    static Program chromiumOfOurs() {
        return new Program("chromium", "node " + quoted(OurPeers.chromium().toString()));
    }

    Program with(String... options) {
        return new Program(name, command + " " + String.join(" ", options));
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }
}
