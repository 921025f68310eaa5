// SPDX-License-Identifier: Apache-2.0
/** A TURN client as a machine, and the Netty shell that drives machines. */
@SuppressWarnings("requires-automatic") // the PRECIS library has a fixed module name, but no descriptor
module org.icepath.turn {
    requires static org.jspecify;
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive org.icepath.stun;
    requires java.xml;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires org.slf4j;
    requires rocks.xmpp.precis;

    exports org.icepath.connection;
    exports org.icepath.net;
    exports org.icepath.net.mdns;
    exports org.icepath.turn;
    exports org.icepath.turn.client;
    exports org.icepath.turn.mras;
    exports org.icepath.turn.mras.client;
    exports org.icepath.turn.ms;
    exports org.icepath.turn.nat;
    exports org.icepath.turn.nat.client;
}
