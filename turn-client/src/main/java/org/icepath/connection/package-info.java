// SPDX-License-Identifier: Apache-2.0
/**
 * How connections to servers are made: who is trusted, which proxy is between, how long it may take. Values only.
 *
 * <p>{@link org.icepath.connection.ConnectionSettings} is the entry. Everything is immutable and thread-safe; nothing here opens a
 * socket. References are never null. Constructors refuse, with {@link java.lang.IllegalArgumentException}, what is out of the ranges that they
 * name.
 */
@NullMarked
package org.icepath.connection;

import org.jspecify.annotations.NullMarked;
