// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.icepath.net.EventLoops;
import org.icepath.net.MonotonicClock;
import org.icepath.net.ResolvedName;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code .local} names on this machine's links: looked up, and answered for where they are ours. Sockets are open only while there is
 * something to look up or to answer for. Thread-safe; its work is done on one event loop.
 */
public final class MulticastDns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MulticastDns.class);

    private static final Cause UNUSED =
            new Cause(Cause.Kind.LOCAL_GONE, "there is nothing to look up or to answer for");

    private static final Cause GONE = new Cause(Cause.Kind.LOCAL_GONE, "the interface has gone");

    private final EventLoops loops;
    private final EventLoop loop;
    private final Supplier<List<NetworkInterface>> interfaces;
    private final AtomicBoolean following = new AtomicBoolean();
    private final MulticastDnsMachine machine = new MulticastDnsMachine();
    private final Effects effects = new Effects();
    private final Map<String, List<CompletableFuture<ResolvedName>>> waiting = new HashMap<>();

    private @Nullable GroupSockets sockets;
    private @Nullable ScheduledFuture<?> timer;
    private String trouble = "";
    private boolean closed;

    /** @param loop one of {@code loops} */
    public MulticastDns(EventLoops loops, EventLoop loop) {
        this(loops, loop, GroupSockets::interfaces);
    }

    MulticastDns(EventLoops loops, EventLoop loop, Supplier<List<NetworkInterface>> interfaces) {
        this.loops = loops;
        this.loop = loop;
        this.interfaces = interfaces;
    }

    /**
     * Looks a name up on all links, for at most 8 s. Any thread.
     *
     * @param name one label under {@code .local}; anything else is a problem of the answer's
     * @return never fails; completed on the event loop
     */
    public CompletableFuture<ResolvedName> resolve(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        CompletableFuture<ResolvedName> answer = new CompletableFuture<>();
        perform(
                now -> {
                    if (machine.resolve(now, lower)) {
                        waiting.computeIfAbsent(lower, unused -> new ArrayList<>(1))
                                .add(answer);
                    } else {
                        answer.complete(nothing(name, "no name of one label under .local, or one too many"));
                    }
                },
                () -> answer.complete(nothing(name, "the runtime is closed")));
        return answer;
    }

    /** Answers for a name with this address, until {@link #withdraw}. Any thread. */
    public void publish(String name, InetAddress ip) {
        perform(
                now -> {
                    if (!machine.publish(name, ip)) {
                        LOG.debug("{} is not answered for: no name under .local, or one too many", name);
                    }
                },
                () -> {});
    }

    /** Answers for a name no longer. Any thread. */
    public void withdraw(String name) {
        perform(now -> machine.withdraw(name), () -> {});
    }

    /** Interfaces have come or gone: names are asked for and answered for on those that there are now. Any thread. */
    public void interfacesChanged() {
        if (following.compareAndSet(false, true)) {
            perform(now -> follow(), () -> {});
        }
    }

    private void follow() {
        following.set(false);
        GroupSockets open = sockets;
        if (open != null) {
            open.update();
        }
    }

    private void perform(LongConsumer command, Runnable whenClosed) {
        try {
            loop.execute(() -> {
                if (closed) {
                    whenClosed.run();
                } else {
                    step(command);
                }
            });
        } catch (RejectedExecutionException loopHasEnded) {
            whenClosed.run();
        }
    }

    // The one place that catches: what is said on the link must not end the loop.
    private void step(LongConsumer input) {
        try {
            input.accept(MonotonicClock.now());
            openOrClose();
            machine.drainTo(effects);
        } catch (Throwable unexpected) {
            LOG.debug("multicast DNS carries on after", unexpected);
        }
        openOrClose();
        arm();
    }

    private void openOrClose() {
        GroupSockets open = sockets;
        if (machine.isIdle() && open != null) {
            open.bases().forEach(base -> machine.closed(MonotonicClock.now(), base, UNUSED));
            open.close();
            sockets = null;
        } else if (!machine.isIdle() && open == null) {
            sockets = new GroupSockets(loops, loop, interfaces, new Inputs());
            sockets.update();
        }
    }

    private void arm() {
        ScheduledFuture<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
            timer = null;
        }
        long deadline = machine.nextTimeout();
        if (deadline != Machine.NEVER && !closed) {
            long delay = Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline - MonotonicClock.now());
            timer = loop.schedule(() -> step(machine::handleTimeout), delay, TimeUnit.NANOSECONDS);
        }
    }

    private static ResolvedName nothing(String name, String why) {
        return new ResolvedName(name, List.of(), List.of(), List.of(why));
    }

    /** Gives up what is looked up, and answers for nothing. Idempotent, any thread. */
    @Override
    public void close() {
        perform(
                now -> {
                    closed = true;
                    waiting.forEach(
                            (name, all) -> all.forEach(each -> each.complete(nothing(name, "the runtime is closed"))));
                    waiting.clear();
                    GroupSockets open = sockets;
                    if (open != null) {
                        open.close();
                    }
                },
                () -> {});
    }

    /** What the machine asks for. */
    private final class Effects implements Output<MulticastDnsMachine.Found> {

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            GroupSockets open = sockets;
            if (open != null) {
                open.send(base, to, payload);
            }
        }

        @Override
        public void event(MulticastDnsMachine.Found found) {
            List<CompletableFuture<ResolvedName>> asking = waiting.remove(found.name());
            if (asking != null) {
                ResolvedName answer = answer(found);
                asking.forEach(each -> each.complete(answer));
            }
        }

        private ResolvedName answer(MulticastDnsMachine.Found found) {
            Predicate<InetAddress> isIpv4 = Inet4Address.class::isInstance;
            String why = "nobody answered for it by multicast DNS" + (trouble.isEmpty() ? "" : " (" + trouble + ")");
            return new ResolvedName(
                    found.name(),
                    found.addresses().stream().filter(isIpv4).toList(),
                    found.addresses().stream().filter(isIpv4.negate()).toList(),
                    found.addresses().isEmpty() ? List.of(why) : List.of());
        }
    }

    /** What the sockets say. */
    private final class Inputs implements GroupSockets.Listener {

        @Override
        public void opened(Base base) {
            step(now -> machine.opened(now, base));
        }

        @Override
        public void closed(Base base) {
            machine.closed(MonotonicClock.now(), base, GONE);
        }

        @Override
        public void received(Base base, InetSocketAddress from, ByteBuffer payload) {
            step(now -> machine.handle(now, base, from, payload));
        }

        @Override
        public void failed(String what, Throwable why) {
            trouble = what + ": " + why.getMessage();
            LOG.debug("multicast DNS: {}", trouble);
        }
    }
}
