// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Greeting;

/** Says what is said before the first datagram, and hears what the other end says; then it is gone from the pipeline. */
final class GreetingHandler extends ByteToMessageDecoder {

    private final Greeting greeting;
    private final Runnable greeted;
    private final StreamConnection connection;

    GreetingHandler(Greeting greeting, StreamConnection connection, Runnable greeted) {
        this.greeting = greeting;
        this.connection = connection;
        this.greeted = greeted;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        say(context, greeting.first(ThreadLocalRandom.current(), Instant.now().getEpochSecond()));
    }

    private static void say(ChannelHandlerContext context, ByteBuffer words) {
        if (words.hasRemaining()) {
            context.writeAndFlush(Unpooled.wrappedBuffer(words), context.voidPromise());
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf arrived, List<Object> out) {
        int length = greeting.length(arrived.nioBuffer());
        if (length == Framing.BROKEN) {
            arrived.skipBytes(arrived.readableBytes());
            connection.end(new Cause(Cause.Kind.OTHER, "the other end does not greet as it should"));
        } else if (length != Framing.NEED_MORE && arrived.readableBytes() >= length) {
            arrived.skipBytes(length);
            say(
                    context,
                    greeting.reply(ThreadLocalRandom.current(), Instant.now().getEpochSecond()));
            greeted.run();
            context.pipeline().remove(this); // hands on what has come already
        }
    }
}
