// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names for networks of this process, and removal of what is left of networks whose process is gone. Names carry the process
 * id, so that several suites run side by side on one machine.
 */
final class Namespaces {

    private static final Pattern OURS =
            Pattern.compile("(?<lab>natlab-)?(?<name>icp(?<process>[0-9a-z]{5})[0-9a-z])-[a-z]+");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Namespaces() {}

    /** A name of 9 letters and digits that no other network has. */
    static String newName() {
        String process = Long.toString(ProcessHandle.current().pid(), 36).toLowerCase(Locale.ROOT);
        String number = Integer.toString(NEXT.getAndIncrement() % 36, 36);
        return "icp" + "0".repeat(5 - process.length()) + process + number;
    }

    /** Ends every program that runs in a namespace, by process id, and removes it. Does nothing if there is none. */
    static void remove(String namespace) {
        Command.Result pids = Command.of("ip", "netns", "pids", namespace).run();
        for (String pid : pids.output().split("\\s+", -1)) {
            if (!pid.isEmpty()) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        Command.of("ip", "netns", "del", namespace).run();
    }

    /** Removes the namespaces of suites that were killed. */
    static void removeStale() {
        for (String line : Command.of("ip", "netns", "list").output().split("\n", -1)) {
            String namespace = line.split(" ", 2)[0];
            Matcher ours = OURS.matcher(namespace);
            if (ours.matches() && isGone(ours.group("process"))) {
                if (ours.group("lab") == null) {
                    remove(namespace);
                } else {
                    LabInternet.down(ours.group("name"));
                }
            }
        }
    }

    private static boolean isGone(String process) {
        return ProcessHandle.of(Long.parseLong(process, 36)).isEmpty();
    }
}
