// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;

/** The end of a stream's pipeline: what Netty says becomes datagrams and facts. */
final class StreamReader extends ChannelInboundHandlerAdapter {

    private final StreamConnection connection;
    private final Deframer deframer;
    private final Deframer.Sink sink;
    private boolean reading;

    StreamReader(StreamConnection connection, Framing framing) {
        this.connection = connection;
        this.deframer = new Deframer(framing);
        this.sink = connection::received;
    }

    void reframe(Framing next) {
        deframer.reframe(next);
    }

    boolean isReading() {
        return reading;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        try {
            if (message instanceof ByteBuf bytes && !deframer.feed(bytes, sink)) {
                connection.end(new Cause(Cause.Kind.OTHER, "what came is no message, and its end cannot be told"));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.sendWaiting();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.end(new Cause(Cause.Kind.REFUSED, "the other end closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        connection.end(SocketFailures.causeOf(failure));
    }
}
