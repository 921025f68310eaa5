// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.DATA;
import static org.icepath.stun.Attributes.DONT_FRAGMENT;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;

/** The dialogue of RFC 8656: nothing but the challenge is remembered. */
final class StandardDialogue implements TurnDialogue {

    private static final int INDICATION_OVERHEAD = 512; // header, peer, data header, and what a dialect adds
    private static final int MOST_DATA = 65_507; // no UDP datagram carries more

    private final TurnDialect dialect;
    private final RandomGenerator random;
    private final LongTermAuthentication authentication;
    private final StunWriter requests;
    private final StunWriter indications;

    StandardDialogue(TurnDialect dialect, AllocationSettings settings, RandomGenerator random) {
        this.dialect = dialect;
        this.random = random;
        this.authentication = new LongTermAuthentication(settings.server());
        this.requests = new StunWriter(dialect.stun());
        this.indications = new StunWriter(dialect.stun());
    }

    @Override
    public TurnAuthentication authentication() {
        return authentication;
    }

    @Override
    public StunWriter begin(ByteBuffer into, StunMethod method, TransactionId id) {
        StunWriter writer = requests.wrap(into).request(method, id);
        dialect.addAttributes(writer, method);
        return writer;
    }

    @Override
    public ByteBuffer end(StunWriter request) {
        return request.finish();
    }

    @Override
    public void writeAllocate(StunWriter request, AllocationWish wish) {
        wish.write(request);
    }

    @Override
    public void succeeded(StunMessage answer) {
        // Whatever it says, whoever has asked takes it.
    }

    @Override
    public boolean simplify(StunMethod method, int code, List<Integer> unknown) {
        return false;
    }

    @Override
    public int messageAt(ByteBuffer datagram) {
        return dialect.isMessage(datagram) ? 0 : -1;
    }

    @Override
    public void read(StunMessage into, ByteBuffer datagram) {
        into.wrap(datagram);
    }

    @Override
    public boolean mayBeData(ByteBuffer datagram) {
        return false;
    }

    @Override
    public boolean isData(StunMessage message) {
        return message.messageClass() == StunClass.INDICATION
                && message.method().equals(StunMethod.DATA);
    }

    @Override
    public Optional<InetSocketAddress> peerOf(StunMessage data) {
        return data.get(XOR_PEER_ADDRESS);
    }

    @Override
    public boolean fits(int dataLength) {
        return dataLength <= MOST_DATA;
    }

    @Override
    public int overhead() {
        return INDICATION_OVERHEAD;
    }

    @Override
    public ByteBuffer wrap(ByteBuffer into, InetSocketAddress peer, ByteBuffer payload, boolean whole) {
        indications.wrap(into).indication(StunMethod.SEND, TransactionId.next(random));
        indications.put(XOR_PEER_ADDRESS, peer);
        if (whole) {
            indications.put(DONT_FRAGMENT);
        }
        dialect.addAttributes(indications, StunMethod.SEND);
        return indications.putBytes(DATA, payload).finish();
    }

    @Override
    public int bareAt(ByteBuffer datagram) {
        return 0;
    }

    @Override
    public void unwrap(InetSocketAddress peer, ByteBuffer in, int offset, int length, DataSink sink) {
        sink.datagram(peer, in, offset, length);
    }
}
