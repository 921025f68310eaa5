// SPDX-License-Identifier: Apache-2.0
/**
 * Requests that wait for their answers: the only place of this project that retransmits (RFC 8489 §6.2).
 *
 * <p>{@link org.icepath.stun.transaction.ClientTransactions} is owned by a machine (an agent's checks, a gatherer, a TURN
 * allocation) and confined to its thread. It matches answers by transaction id alone; whether an answer came from where the request
 * went, and whether it is authentic, is for the owner to judge before it completes the transaction. Server transactions are not
 * here.
 */
@NullMarked
package org.icepath.stun.transaction;

import org.jspecify.annotations.NullMarked;
