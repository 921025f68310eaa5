// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

/** A small internet of network namespaces in which two peers meet. Closing it ends everything in it. */
public interface Network extends AutoCloseable {

    /** The network namespace of one of the two places, {@code a} or {@code b}. */
    String namespace(Side side);

    /** The STUN and TURN server as a program in that place reaches it, {@code HOST:PORT}. */
    String server(Side side);

    /** {@code USER:PASSWORD} for that server. */
    String credentials();

    @Override
    void close();

    /** The two places; the peer in A is the controlling one. */
    enum Side {
        A,
        B;

        Side other() {
            return this == A ? B : A;
        }
    }
}
