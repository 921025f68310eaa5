// SPDX-License-Identifier: Apache-2.0
/** A TURN client as a machine, and the Netty shell that drives machines. */
module org.icepath.turn {
    requires static org.jspecify;
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive org.icepath.stun;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport.classes.epoll;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires org.slf4j;

    exports org.icepath.net;
    exports org.icepath.turn;
    exports org.icepath.turn.client;
}
