// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/** A machine that echoes what it gets, fails on "bang", and reports everything as text. */
final class ScriptedMachine implements Machine<String> {

    private final Queue<Consumer<Output<? super String>>> pending = new ArrayDeque<>();
    long deadline = NEVER;
    final Queue<Long> leftAt = new ConcurrentLinkedQueue<>();
    long stuckFor;
    boolean breaks; // once
    int undrained; // what an input found waiting
    private boolean quiet;

    @Override
    public boolean isQuiet() {
        return quiet;
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        undrained = pending.size();
        String text = StandardCharsets.US_ASCII.decode(payload.duplicate()).toString();
        if (text.equals("bang")) {
            throw new IllegalStateException("the machine has a bug");
        }
        if (text.equals("not mine")) {
            return false;
        }
        quiet = text.equals("media");
        if (quiet) {
            pending.add(out -> out.event("media before"));
            deadline = now;
            return true;
        }
        pending.add(out -> out.event("got " + text));
        send(base, from, "echo " + text);
        return true;
    }

    void send(Base base, InetSocketAddress to, String text) {
        pending.add(out -> out.transmit(base, to, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    public void handleTimeout(long now) {
        if (now < deadline) {
            return;
        }
        if (breaks) {
            breaks = false;
            throw new AssertionError("the machine has a bug");
        }
        pending.add(out -> out.event("timeout"));
        if (stuckFor > 0) {
            stuckFor--;
        } else {
            deadline = NEVER;
        }
    }

    @Override
    public long nextTimeout() {
        return deadline;
    }

    @Override
    public void drainTo(Output<? super String> out) {
        while (!pending.isEmpty()) {
            pending.remove().accept(out);
        }
    }

    @Override
    public void transmitted(long now) {
        leftAt.add(now);
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        pending.add(out -> out.event("send failed " + cause.kind() + " " + to.getPort()));
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        pending.add(out -> out.event("lost " + cause.kind()));
    }
}
