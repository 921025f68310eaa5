// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ChangeRequest;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;

/** Answers Binding, from another address than the one that was asked if that is wanted (RFC 8489 §12, RFC 5780 §7). */
final class BindingRequests {

    private final Replies replies;
    private final Outbox outbox;
    private final List<Base> alternates = new ArrayList<>();

    BindingRequests(Replies replies, Outbox outbox) {
        this.replies = replies;
        this.outbox = outbox;
    }

    /** Knows of four bases that are two addresses with the same two ports. */
    void alternate(List<Base> bases) {
        alternates.addAll(bases);
    }

    void handle(Exchange exchange) {
        StunMessage request = exchange.message();
        Base asked = exchange.tuple().base();
        if (!alternates.contains(asked)) {
            if (request.has(Attributes.CHANGE_REQUEST) || request.has(Attributes.RESPONSE_PORT)) {
                throw new Refusal(
                        ErrorCode.UNKNOWN_ATTRIBUTE,
                        "Unknown Attribute",
                        Attributes.CHANGE_REQUEST.type(),
                        Attributes.RESPONSE_PORT.type());
            }
            replies.success(exchange, null, response -> response.put(Attributes.XOR_MAPPED_ADDRESS, exchange.client()));
        } else {
            answerFromElsewhere(exchange, asked);
        }
        outbox.event(new EdgeEvent.Bound(exchange.client()));
    }

    private void answerFromElsewhere(Exchange exchange, Base asked) {
        ChangeRequest change =
                exchange.message().get(Attributes.CHANGE_REQUEST).orElse(new ChangeRequest(false, false));
        Base origin = alternate(asked, change.changeIp(), change.changePort()).orElse(asked);
        InetSocketAddress other =
                alternate(asked, true, true).map(Base::address).orElseThrow();
        InetSocketAddress to = exchange.message()
                .get(Attributes.RESPONSE_PORT)
                .map(port -> new InetSocketAddress(exchange.client().getAddress(), port))
                .orElse(exchange.client());
        Exchange reply = new Exchange(exchange.now(), new Exchange.FiveTuple(origin, to), exchange.message());
        replies.success(reply, null, response -> response.put(Attributes.XOR_MAPPED_ADDRESS, exchange.client())
                .put(Attributes.RESPONSE_ORIGIN, origin.address())
                .put(Attributes.OTHER_ADDRESS, other));
    }

    private Optional<Base> alternate(Base asked, boolean otherAddress, boolean otherPort) {
        return alternates.stream()
                .filter(each -> otherAddress
                        != each.address().getAddress().equals(asked.address().getAddress()))
                .filter(each -> otherPort
                        != (each.address().getPort() == asked.address().getPort()))
                .findFirst();
    }
}
