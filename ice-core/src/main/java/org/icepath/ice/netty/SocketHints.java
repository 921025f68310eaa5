// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link PathSocket}: remembered, and without effect, as the sockets beneath a path belong to the session. It has no
 * descriptor. Thread-safe.
 */
final class SocketHints extends DatagramSocketImpl {

    private static final String NOT_HERE = "a path has one peer: neither groups nor time to live are chosen here";

    private final Map<Integer, Object> options = new ConcurrentHashMap<>(Map.of(
            SocketOptions.SO_SNDBUF, 65_536,
            SocketOptions.SO_RCVBUF, 65_536,
            SocketOptions.SO_REUSEADDR, false,
            SocketOptions.SO_BROADCAST, false,
            SocketOptions.IP_TOS, 0));

    @Override
    public void setOption(int option, Object value) {
        options.put(option, value);
    }

    @Override
    public @Nullable Object getOption(int option) {
        return options.get(option);
    }

    @Override
    protected void create() {
        // the session has sockets
    }

    @Override
    protected void close() {
        // there is nothing of its own
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void send(DatagramPacket packet) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void receive(DatagramPacket packet) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected int peek(InetAddress address) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected int peekData(DatagramPacket packet) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    @Deprecated
    protected void setTTL(byte ttl) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    @Deprecated
    protected byte getTTL() throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void setTimeToLive(int ttl) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected int getTimeToLive() throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void join(InetAddress group) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void leave(InetAddress group) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface over) throws SocketException {
        throw new SocketException(NOT_HERE);
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface over) throws SocketException {
        throw new SocketException(NOT_HERE);
    }
}
