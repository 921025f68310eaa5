// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.icepath.ice.CheckForm;
import org.icepath.ice.Envelope;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.TransactionId;
import org.icepath.stun.transaction.ClientTransactions;
import org.icepath.stun.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** Lets requests out as a dialect sends them: in the envelope of where they go, each with its companion behind it. */
final class CheckOutput implements Output<Object> {

    private static final int TRANSACTION_ID_OFFSET = 8;

    private final Output<?> out;
    private final ClientTransactions<Check> transactions;
    private final boolean companions;

    /**
     * An output for one drain.
     *
     * @param transactions know whose requests they are
     * @param companions whether requests have companions with this peer
     */
    CheckOutput(Output<?> out, ClientTransactions<Check> transactions, boolean companions) {
        this.out = out;
        this.transactions = transactions;
        this.companions = companions;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        send(base, to, payload);
        if (companions) {
            checkOf(payload)
                    .map(check -> companionOf(check.form(), payload))
                    .ifPresent(companion -> send(base, to, companion));
        }
    }

    private void send(Base base, InetSocketAddress to, ByteBuffer request) {
        Envelope envelope =
                checkOf(request).map(check -> check.pair().envelope()).orElse(null);
        out.transmit(base, to, envelope == null ? request : envelope.around(request));
    }

    private Optional<Check> checkOf(ByteBuffer request) {
        return transactions
                .find(TransactionId.readFrom(request, request.position() + TRANSACTION_ID_OFFSET))
                .map(Transaction::owner);
    }

    private static @Nullable ByteBuffer companionOf(CheckForm form, ByteBuffer message) {
        ByteBuffer companion = ByteBuffer.allocate(message.remaining());
        return form.writeCompanion(message, companion) ? companion : null;
    }

    @Override
    public void event(Object event) {
        throw new IllegalStateException("transactions tell nothing");
    }
}
