// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.icepath.sansio.Cause;

/**
 * One end of a TCP connection (RFC 9293): handshake, simultaneous open, bytes in order, retransmission, end and reset. Windows and
 * congestion are not here: what is given to it leaves at once.
 */
final class TcpFlow implements Endpoint {

    private static final int MOST_SEGMENT = 1_000;
    private static final long FIRST_SYN_RTO = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_RTO = Duration.ofMillis(300).toNanos();
    private static final int MOST_TRIES = 7;

    /** Hears what becomes of a connection. */
    interface Owner {

        void opened(TcpFlow flow);

        void received(TcpFlow flow, byte[] bytes);

        /** It could not be opened, or has ended, by the other side or for want of answers. */
        void closed(TcpFlow flow, Cause cause);
    }

    private enum State {
        SYN_SENT,
        SYN_RECEIVED,
        ESTABLISHED,
        CLOSED
    }

    private final VirtualTcp tcp;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Owner owner;
    private State state;
    private byte[] unacknowledged = new byte[0]; // begins with the byte that is numbered una, SYN and FIN apart
    private long una; // oldest byte that the other side has not acknowledged; 0 is our SYN
    private long expected = -1; // next byte of theirs; -1 before their SYN
    private boolean finishing;
    private long end; // the number of our FIN, once there is one
    private long rto = FIRST_SYN_RTO;
    private int tries;
    private long timer; // only the latest counts

    private TcpFlow(VirtualTcp tcp, InetSocketAddress local, InetSocketAddress remote, Owner owner, State state) {
        this.tcp = tcp;
        this.local = local;
        this.remote = remote;
        this.owner = owner;
        this.state = state;
    }

    static TcpFlow connect(VirtualTcp tcp, InetSocketAddress local, InetSocketAddress remote, Owner owner) {
        TcpFlow flow = new TcpFlow(tcp, local, remote, owner, State.SYN_SENT);
        flow.transmit();
        return flow;
    }

    /** Answers a SYN. */
    static TcpFlow accept(VirtualTcp tcp, InetSocketAddress local, InetSocketAddress remote, Owner owner, Segment syn) {
        TcpFlow flow = new TcpFlow(tcp, local, remote, owner, State.SYN_RECEIVED);
        flow.expected = syn.sequence() + 1;
        flow.transmit();
        return flow;
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean isOpen() {
        return state == State.ESTABLISHED;
    }

    /** Sends bytes; before the connection stands, and after its end, they are lost. */
    void send(byte[] bytes) {
        if (state != State.ESTABLISHED || finishing || bytes.length == 0) {
            return;
        }
        boolean idle = unacknowledged.length == 0;
        int before = unacknowledged.length;
        unacknowledged = Arrays.copyOf(unacknowledged, before + bytes.length);
        System.arraycopy(bytes, 0, unacknowledged, before, bytes.length);
        transmit(before);
        if (idle) {
            restart();
        }
    }

    /** Ends it once all is sent; the owner is told nothing more. */
    void close() {
        if (state == State.ESTABLISHED && !finishing) {
            finishing = true;
            end = una + unacknowledged.length;
            transmit(unacknowledged.length);
            restart();
        } else if (state != State.ESTABLISHED) {
            reset();
        }
    }

    /** Ends it at once, with a reset to the other side; the owner is told nothing more. */
    void reset() {
        if (state != State.CLOSED) {
            tcp.send(this, new Segment(false, true, false, true, una, Math.max(expected, 0)), new byte[0]);
            gone();
        }
    }

    /** Vanishes without a word. */
    void gone() {
        state = State.CLOSED;
        timer++;
        tcp.forget(this);
    }

    private void fail(Cause.Kind kind, String why) {
        if (state == State.CLOSED) {
            return;
        }
        boolean told = !finishing;
        gone();
        if (told) {
            owner.closed(this, new Cause(kind, why));
        }
    }

    void arrive(Segment segment, byte[] bytes) {
        if (state == State.CLOSED) {
            return;
        }
        if (segment.rst()) {
            boolean connecting = state == State.SYN_SENT;
            fail(Cause.Kind.REFUSED, connecting ? "Connection refused" : "Connection reset by peer");
            return;
        }
        if (segment.syn()) {
            takeSyn(segment);
        }
        if (segment.ack()) {
            takeAcknowledgement(segment.acknowledged());
        }
        if (state == State.ESTABLISHED && !segment.syn()) {
            takeData(segment, bytes);
        }
    }

    private void takeSyn(Segment segment) {
        if (expected >= 0) {
            acknowledge(); // ours got lost
            return;
        }
        expected = segment.sequence() + 1;
        if (!segment.ack()) {
            state = State.SYN_RECEIVED; // both have opened at the same time (RFC 9293 §3.5)
            transmit();
        }
    }

    private void takeAcknowledgement(long next) {
        if (next <= una) {
            return;
        }
        int data = (int) Math.min(una == 0 ? next - 1 : next - una, unacknowledged.length);
        unacknowledged = Arrays.copyOfRange(unacknowledged, data, unacknowledged.length);
        una = next;
        if (finishing && una > end) {
            gone();
            return;
        }
        rto = FIRST_RTO;
        tries = 0;
        restart();
        if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
            boolean answered = state == State.SYN_SENT;
            state = State.ESTABLISHED;
            if (answered) {
                acknowledge();
            }
            owner.opened(this);
        }
    }

    private void takeData(Segment segment, byte[] bytes) {
        boolean says = bytes.length > 0 || segment.fin();
        if (!says) {
            return;
        }
        if (segment.sequence() > expected) {
            acknowledge(); // something before it is missing: it comes again
            return;
        }
        int known = (int) Math.min(expected - segment.sequence(), bytes.length);
        byte[] news = Arrays.copyOfRange(bytes, known, bytes.length);
        boolean ends = segment.fin() && expected <= segment.sequence() + bytes.length;
        expected = Math.max(expected, segment.sequence() + bytes.length + (ends ? 1 : 0));
        acknowledge();
        if (news.length > 0 && !finishing) {
            owner.received(this, news);
        }
        if (ends && state != State.CLOSED) {
            // the other half is closed in answer, as programs do
            tcp.send(this, new Segment(false, true, true, false, una, expected), new byte[0]);
            fail(Cause.Kind.REFUSED, "the other end closed the connection");
        }
    }

    private void acknowledge() {
        tcp.send(this, new Segment(false, true, false, false, una + unacknowledged.length, expected), new byte[0]);
    }

    /** Sends the SYN, or everything that is not acknowledged. */
    private void transmit() {
        if (una == 0) {
            boolean answers = expected >= 0;
            tcp.send(this, new Segment(true, answers, false, false, 0, Math.max(expected, 0)), new byte[0]);
        } else {
            transmit(0);
        }
        restart();
    }

    private void transmit(int from) {
        for (int at = from; at < unacknowledged.length; at += MOST_SEGMENT) {
            byte[] part = Arrays.copyOfRange(unacknowledged, at, Math.min(at + MOST_SEGMENT, unacknowledged.length));
            tcp.send(this, new Segment(false, true, false, false, una + at, expected), part);
        }
        if (finishing) {
            tcp.send(this, new Segment(false, true, true, false, end, expected), new byte[0]);
        }
    }

    private void restart() {
        long mine = ++timer;
        boolean waits = una == 0 || unacknowledged.length > 0 || finishing;
        if (state != State.CLOSED && waits) {
            tcp.after(rto, () -> expire(mine));
        }
    }

    private void expire(long mine) {
        if (mine != timer || state == State.CLOSED) {
            return;
        }
        if (++tries == MOST_TRIES) {
            fail(Cause.Kind.TIMED_OUT, una == 0 ? "Connection timed out" : "nothing was acknowledged");
            return;
        }
        rto *= 2;
        transmit();
    }

    /** Something on the way says that the other side cannot be reached: while connecting that is the end, later it is not. */
    @Override
    public void sendFailed(InetSocketAddress to, Cause cause) {
        if (state == State.SYN_SENT) {
            tcp.after(0, () -> fail(cause.kind(), cause.detail()));
        }
    }

    @Override
    public void lost(Cause cause) {
        fail(cause.kind(), cause.detail());
    }

    @Override
    public String hostName() {
        return tcp.hostName();
    }

    @Override
    public InetSocketAddress address() {
        return local;
    }

    @Override
    public void receive(InetSocketAddress from, byte[] payload) {
        throw new IllegalStateException("a datagram for a TCP connection");
    }

    @Override
    public String toString() {
        return "TCP " + local + " - " + remote + " " + state;
    }
}
