// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** Writes responses and signs them as the request was signed. */
final class Replies {

    private final EdgeConfig config;
    private final EdgeFaults faults;
    private final Authenticator authenticator;
    private final Outbox outbox;
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer buffer = ByteBuffer.allocate(2_000);

    Replies(EdgeConfig config, EdgeFaults faults, Authenticator authenticator, Outbox outbox) {
        this.config = config;
        this.faults = faults;
        this.authenticator = authenticator;
        this.outbox = outbox;
    }

    /** Answers with success; {@code attributes} puts what the method wants. */
    void success(Exchange exchange, @Nullable Credential credential, Consumer<StunWriter> attributes) {
        writer.wrap(buffer.clear()).respond(StunClass.SUCCESS, exchange.message());
        attributes.accept(writer);
        send(exchange, credential);
    }

    /** Answers with an error; challenges are not signed, other errors are if the request was authentic. */
    void error(Exchange exchange, @Nullable Credential credential, Refusal refusal) {
        writer.wrap(buffer.clear())
                .errorResponse(exchange.message(), refusal.code(), refusal.reason(), refusal.unknownAttributes());
        if (Authenticator.isChallenge(refusal.code())) {
            authenticator.putChallenge(exchange, writer);
            send(exchange, null);
            return;
        }
        faults.alternate().filter(server -> refusal.code() == 300).ifPresent(this::putAlternate);
        send(exchange, credential);
    }

    private void putAlternate(InetSocketAddress server) {
        writer.put(Attributes.ALTERNATE_SERVER, server);
        if (!faults.alternateDomain().isEmpty()) {
            writer.put(Attributes.ALTERNATE_DOMAIN, faults.alternateDomain());
        }
    }

    private void send(Exchange exchange, @Nullable Credential credential) {
        writer.put(Attributes.SOFTWARE, config.software());
        if (credential != null && !faults.isUnsigned()) {
            if (credential.sha256()) {
                writer.integritySha256(credential.key());
            } else {
                writer.integrity(credential.key());
            }
        }
        if (exchange.message().has(Attributes.FINGERPRINT)) {
            writer.fingerprint();
        }
        outbox.transmit(exchange.tuple().base(), exchange.client(), writer.finish());
    }
}
