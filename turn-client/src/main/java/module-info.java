// SPDX-License-Identifier: Apache-2.0
/** A TURN client as a machine, and the Netty shell that drives machines. */
module org.icepath.turn {
    requires static org.jspecify;
    requires transitive org.icepath.stun;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.handler;
    requires io.netty.resolver.dns;
    requires org.bouncycastle.tls;
    requires org.bouncycastle.provider;
    requires org.slf4j;
}
