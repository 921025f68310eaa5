// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * One crowd in a process of its own: {@code IMPLEMENTATION ADDRESS PAIRS}. Others go before it, until the compiler rests. Prints one line, see
 * {@link ScaleFigures#line}.
 */
public final class ScaleTrial {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int WARM_UPS = 8;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private static final int IDLE_TURNS = 10;

    private static final long TURN_MILLIS = 50;

    /** Ends the class histogram: how many objects there are, and how many bytes they take. */
    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);

    private ScaleTrial() {}

    public static void main(String[] arguments) throws Exception {
        InetAddress address = InetAddress.getByName(arguments[1]);
        int pairs = Integer.parseInt(arguments[2]);
        for (int i = 0; i < WARM_UPS; i++) {
            try (Crowd warmUp = Crowd.of(arguments[0], address)) {
                warmUp.open(pairs);
                warmUp.connect();
            }
            awaitCompiler();
        }
        System.out.println(measure(Crowd.of(arguments[0], address), pairs).line());
        System.exit(0); // ice4j leaves threads that are no daemons
    }

    private static ScaleFigures measure(Crowd crowd, int pairs) throws Exception {
        long heap = heap();
        int threads = threads();
        long cpu = PROCESS.getProcessCpuTime();
        crowd.open(pairs);
        long opened = PROCESS.getProcessCpuTime();
        long began = System.nanoTime();
        crowd.connect();
        long wall = System.nanoTime() - began;
        long connected = PROCESS.getProcessCpuTime();
        int agents = 2 * pairs;
        return new ScaleFigures(
                (opened - cpu) / pairs,
                (connected - opened) / pairs,
                wall,
                (double) (threads() - threads) / agents,
                (heap() - heap) / agents);
    }

    /**
     * Until the compiler has been idle for a while: it lags behind the first crowds by seconds, and what a server pays in its first
     * minute and never again would be counted as the cost of the next crowd.
     */
    private static void awaitCompiler() throws InterruptedException {
        long compiled = COMPILER.getTotalCompilationTime();
        for (int idle = 0; idle < IDLE_TURNS; idle++) {
            Thread.sleep(TURN_MILLIS);
            long now = COMPILER.getTotalCompilationTime();
            if (now != compiled) {
                idle = 0;
            }
            compiled = now;
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /**
     * What is alive, object by object. The heap in use would be no measure: it counts the buffers that threads allocate from, megabytes of
     * them, whatever is in there.
     */
    private static long heap() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram", // collects first
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new IllegalStateException("no total in " + histogram.lines().findFirst());
        }
        return Long.parseLong(total.group(1));
    }
}
