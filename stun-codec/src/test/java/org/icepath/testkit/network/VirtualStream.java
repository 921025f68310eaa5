// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/** A plain TCP connection: keeps what it receives, as bytes. */
public final class VirtualStream implements TcpFlow.Owner {

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable TcpFlow flow;
    private @Nullable Cause end;
    private boolean opened;
    private Runnable openListener = () -> {};
    private Runnable dataListener = () -> {};

    VirtualStream() {}

    void begin(TcpFlow made) {
        flow = made;
    }

    void onOpen(Runnable listener) {
        openListener = listener;
    }

    /** Calls {@code listener} whenever bytes have come. */
    public VirtualStream onData(Runnable listener) {
        dataListener = listener;
        return this;
    }

    /** Sends bytes; before it stands, and after its end, they are lost. */
    public void send(byte... bytes) {
        if (flow != null) {
            flow.send(bytes);
        }
    }

    /** Ends it, when all is sent. */
    public void close() {
        if (flow != null) {
            flow.close();
        }
    }

    /** Ends it at once, with a reset. */
    public void reset() {
        if (flow != null) {
            flow.reset();
        }
    }

    /** What has come so far, in the order in which it was sent. */
    public byte[] received() {
        return received.toByteArray();
    }

    /** Whether it stands, or has stood. */
    public boolean opened() {
        return opened;
    }

    /** Why it has ended, or could not be opened; empty while it has not, or where it was closed here. */
    public Optional<Cause> end() {
        return Optional.ofNullable(end);
    }

    @Override
    public void opened(TcpFlow made) {
        flow = made;
        opened = true;
        openListener.run();
    }

    @Override
    public void received(TcpFlow made, byte[] bytes) {
        received.writeBytes(bytes);
        dataListener.run();
    }

    @Override
    public void closed(TcpFlow made, Cause cause) {
        end = cause;
    }
}
