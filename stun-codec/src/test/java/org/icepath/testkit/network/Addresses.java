// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses from their text, without ever asking DNS. */
public final class Addresses {

    private Addresses() {}

    /**
     * The address of an IP literal.
     *
     * @throws IllegalArgumentException when it is a name
     */
    public static InetAddress literal(String text) {
        if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("not an IP literal: " + text);
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP literal: " + text, e);
        }
    }

    /** The socket address of an IP literal and a port. */
    public static InetSocketAddress socket(String literal, int port) {
        return new InetSocketAddress(literal(literal), port);
    }

    static boolean sameFamily(InetAddress a, InetAddress b) {
        return a.getClass() == b.getClass();
    }
}
