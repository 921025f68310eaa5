// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/**
 * What all sessions of a process share: event loops and the pacer. One for each process is the contract (RFC 8445 §14.2 paces all
 * agents together). Thread-safe.
 */
public interface IceRuntime extends AutoCloseable {

    /**
     * Opens a session. Nothing is bound or sent until {@link IceSession#offer} or {@link IceSession#answer}.
     *
     * @param config also of later sessions, if you like: it is immutable
     * @return to be closed when the call is over
     * @throws IllegalStateException when the runtime is closed
     */
    IceSession open(IceConfig config);

    /** What carries the packets: {@code epoll} or {@code nio}. */
    String transport();

    /**
     * Closes all sessions and the event loops that this runtime made; waits a few seconds at most for both, and not for the sessions on an
     * event loop. Idempotent.
     */
    @Override
    void close();
}
