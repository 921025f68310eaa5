// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.util.Locale;

/**
 * What a crowd cost.
 *
 * @param openNanos CPU time of opening and gathering a pair
 * @param connectNanos CPU time of connecting a pair
 * @param wallNanos from the first description to the last selection
 * @param threads kept for each agent
 * @param heapBytes kept for each connected agent
 */
public record ScaleFigures(long openNanos, long connectNanos, long wallNanos, double threads, long heapBytes) {

    private static final String MARK = "scale";

    String line() {
        return String.format(
                Locale.ROOT, "%s %d %d %d %.3f %d", MARK, openNanos, connectNanos, wallNanos, threads, heapBytes);
    }

    static boolean isLine(String line) {
        return line.startsWith(MARK + ' ');
    }

    static ScaleFigures parse(String line) {
        String[] words = line.split(" ");
        return new ScaleFigures(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Double.parseDouble(words[4]),
                Long.parseLong(words[5]));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "open %.2f ms CPU, connect %.2f ms CPU a pair, all in %.2f s; %.2f threads, %.1f KiB heap an agent",
                openNanos / 1e6,
                connectNanos / 1e6,
                wallNanos / 1e9,
                threads,
                heapBytes / 1024.0);
    }
}
