// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.icepath.testkit.network.PacketEvent.Fate;

/**
 * A discrete-event simulation of hosts, NATs and links in virtual time; see the package for an example.
 *
 * <p>Not thread-safe. The same seed and the same calls give the same course of events, to the nanosecond.
 */
public final class VirtualNetwork {

    /** So many events at one instant mean that something answers itself without end. */
    private static final int MOST_STEPS_AT_ONE_INSTANT = 100_000;

    private final long seed;
    private final Random random;
    private final PacketLog log = new PacketLog();
    private final List<VirtualHost> hosts = new ArrayList<>();
    private final PriorityQueue<Step> queue =
            new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingLong(Step::order));
    private final Zone internet;
    private long now;
    private long steps;
    private long lastPacketId;
    private long lastBaseId;
    private int stepsAtThisInstant;
    private LinkConditions defaultLink = LinkConditions.ofMillis(1);

    /** Makes a network with an empty internet, at time 0. */
    public VirtualNetwork(long seed) {
        this(seed, 0);
    }

    /**
     * Makes a network whose time starts anywhere.
     *
     * @param start nanoseconds; negative is fine
     */
    public VirtualNetwork(long seed, long start) {
        this.seed = seed;
        this.random = new Random(seed);
        this.now = start;
        this.internet = zone("internet", LinkConditions.ofMillis(10));
    }

    /** The zone of public addresses; each link in it takes 10 ms one way. */
    public Zone internet() {
        return internet;
    }

    /** Makes a zone that is not connected to any other; each link in it takes {@link #defaultLink} or 1 ms one way. */
    public Zone zone(String name) {
        return zone(name, defaultLink);
    }

    /** Makes a zone that is not connected to any other. */
    public Zone zone(String name, LinkConditions link) {
        return new Zone(this, name, link);
    }

    /** Sets the links of the zones that are made from now on, those inside NATs too. */
    public void defaultLink(LinkConditions link) {
        defaultLink = link;
    }

    /** The time, in nanoseconds. */
    public long now() {
        return now;
    }

    /** What happened to packets. */
    public PacketLog log() {
        return log;
    }

    /** The source of every chance in this network; scenarios may draw from it too. */
    public Random random() {
        return random;
    }

    /** Runs {@code action} at a time, or now when that has passed. */
    public void at(long time, Runnable action) {
        queue.add(new Step(Math.max(now, time), ++steps, action));
    }

    /** Runs {@code action} after a delay. */
    public void after(Duration delay, Runnable action) {
        at(now + delay.toNanos(), action);
    }

    /** Takes one step in time: the next packet, timer or action. False when there is none. */
    public boolean step() {
        Step step = queue.poll();
        if (step == null) {
            return false;
        }
        stepsAtThisInstant = step.at == now ? stepsAtThisInstant + 1 : 0;
        if (stepsAtThisInstant > MOST_STEPS_AT_ONE_INSTANT) {
            throw failure("time stands still");
        }
        now = step.at;
        step.action.run();
        return true;
    }

    /** Runs until the time is {@code end}, everything due then included. */
    public void run(long end) {
        while (isDueBy(end)) {
            step();
        }
        now = Math.max(now, end);
    }

    /** Runs for so long. */
    public void runFor(Duration time) {
        run(now + time.toNanos());
    }

    /**
     * Runs until {@code condition} holds, looking after every step.
     *
     * @param limit give up after so long
     * @return whether it holds
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = now + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (!isDueBy(end)) {
                now = Math.max(now, end);
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    /** The state of all machines and the last packets, for people. */
    public String dump() {
        StringBuilder text =
                new StringBuilder("seed " + seed + ", now " + now + " ns, " + queue.size() + " steps ahead");
        hosts.forEach(host -> host.dumpTo(text));
        log.tail(40).forEach(event -> text.append("\n  ").append(event));
        return text.toString();
    }

    void add(VirtualHost host) {
        hosts.add(host);
    }

    void log(Fate fate, String where, VirtualPacket packet) {
        log.add(new PacketEvent(now, fate, where, packet));
    }

    long nextPacketId() {
        return ++lastPacketId;
    }

    long nextBaseId() {
        return ++lastBaseId;
    }

    /** A failure of something under test to keep its contract, with all that may help to find out why. */
    AssertionError failure(String message) {
        return new AssertionError(message + "\n" + dump());
    }

    private boolean isDueBy(long end) {
        Step next = queue.peek();
        return next != null && next.at <= end;
    }

    private record Step(long at, long order, Runnable action) {}
}
