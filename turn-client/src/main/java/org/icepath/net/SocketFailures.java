// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.unix.Errors;
import io.netty.handler.codec.CodecException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.icepath.sansio.Cause;

/** What the operating system's words about a socket mean to a machine. */
final class SocketFailures {

    // EIO: the interface cannot checksum; EINVAL: a segment is longer than its packets; EMSGSIZE: likewise, on newer
    // kernels; ENOPROTOOPT, EOPNOTSUPP: the kernel cannot (asm-generic/errno.h). Netty has them negated.
    private static final Set<Integer> OF_JOINING = Set.of(-5, -22, -90, -92, -95);

    private SocketFailures() {}

    /** Whether datagrams that were refused joined may leave one by one. */
    static boolean concernsJoining(Throwable failure) {
        return failure instanceof Errors.NativeIoException refused && OF_JOINING.contains(refused.expectedErr());
    }

    /** The cause that {@code failure} stands for. */
    static Cause causeOf(Throwable wrapped) {
        Throwable failure = unwrapped(wrapped);
        String detail = words(failure);
        Throwable deeper = failure.getCause();
        return new Cause(
                kindOf(failure, detail.toLowerCase(Locale.ROOT)),
                deeper == null || detail.contains(words(deeper)) ? detail : detail + ": " + words(deeper));
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean isWrapper = failure instanceof CompletionException || failure instanceof CodecException;
        return isWrapper && cause != null ? unwrapped(cause) : failure;
    }

    // epoll and NIO throw different classes for one errno, some of
    // them private, so that the text is all they have in common.
    private static Cause.Kind kindOf(Throwable failure, String text) {
        if (failure instanceof SSLException) {
            return Cause.Kind.UNTRUSTED;
        }
        if (failure instanceof PortUnreachableException
                || failure instanceof NoRouteToHostException
                || text.contains("unreachable")
                || text.contains("no route")
                || text.contains("invalid argument")) {
            return Cause.Kind.UNREACHABLE; // EINVAL: from a loopback address to a foreign one
        }
        if (text.contains("too long") || text.contains("too large")) {
            return Cause.Kind.TOO_BIG;
        }
        if (text.contains("not permitted") || text.contains("permission denied")) {
            return Cause.Kind.FORBIDDEN;
        }
        if (failure instanceof ProxyConnectException) {
            return Cause.Kind.REFUSED;
        }
        if (failure instanceof ClosedChannelException || text.contains("cannot assign") || text.contains("is down")) {
            return Cause.Kind.LOCAL_GONE;
        }
        return otherKindOf(text);
    }

    private static Cause.Kind otherKindOf(String text) {
        if (text.contains("refused") || text.contains("connection reset") || text.contains("broken pipe")) {
            return Cause.Kind.REFUSED;
        }
        if (text.contains("no buffer space") || text.contains("temporarily unavailable")) {
            return Cause.Kind.CONGESTED;
        }
        return text.contains("timed out") ? Cause.Kind.TIMED_OUT : Cause.Kind.OTHER;
    }
}
