// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ADDRESS_ERROR_CODE;
import static org.icepath.stun.Attributes.ADDRESS_ERROR_CODE_DRAFT;
import static org.icepath.stun.Attributes.DONT_FRAGMENT;
import static org.icepath.stun.Attributes.RESERVATION_TOKEN;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.stun.AddressErrorCode;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** Asks for a relayed address, or for one of each family (RFC 8656 §7.1, §7.3). Not thread-safe. */
final class AllocateRequest implements TurnRequest {

    /**
     * What a success brings beside addresses and lifetime.
     *
     * @param additional the relayed address of the other family, null if there is none
     * @param refusal why there is none, null if that was not said
     * @param reservation the token of the next port, null if none is kept
     * @param ticket shows at another local address that the allocation is ours; null if it cannot move
     */
    record Grant(
            InetSocketAddress relayed,
            @Nullable InetSocketAddress additional,
            @Nullable AddressErrorCode refusal,
            @Nullable Long reservation,
            @Nullable MobilityTicket ticket,
            InetSocketAddress mapped,
            long lifetimeSeconds) {}

    /** Takes what becomes of the request. */
    interface Outcome {
        void granted(long now, long sentAt, Grant grant);

        void refused(long now, TurnFailure failure);

        /** The request has changed, and is to be sent again. */
        void again(long now);
    }

    private final AllocationOptions options;
    private final TurnDialect dialect;
    private final TurnDialogue dialogue;
    private final Outcome outcome;
    private AllocationSettings settings;
    private @Nullable TurnFailure otherFamily;
    private boolean dontFragment;
    private boolean mobile;

    AllocateRequest(AllocationSettings settings, TurnDialect dialect, TurnDialogue dialogue, Outcome outcome) {
        this.settings = settings;
        this.options = settings.options();
        this.dialect = dialect;
        this.dialogue = dialogue;
        this.outcome = outcome;
        this.dontFragment = options.dontFragment();
        this.mobile = options.mobile();
    }

    /** Whether the server was asked for DONT-FRAGMENT and did not object. */
    boolean hasDontFragment() {
        return dontFragment;
    }

    /** Tells what was asked for and is not in the grant. */
    void reportUnfulfilled(Grant grant, Consumer<TurnEvent> events) {
        TurnFailure refused = otherFamily;
        if (refused != null) {
            events.accept(new TurnEvent.AdditionalRefused(otherThan(settings.family()), refused));
        } else if (options.bothFamilies() && grant.additional() == null) {
            events.accept(additionalRefused(grant));
        }
        if (options.mobile() && grant.ticket() == null) {
            events.accept(new TurnEvent.MobilityRefused());
        }
        if (options.dontFragment() && !dontFragment) {
            events.accept(new TurnEvent.DontFragmentRefused());
        }
    }

    private TurnEvent additionalRefused(Grant grant) {
        AddressErrorCode refusal = grant.refusal();
        if (refusal != null) {
            return new TurnEvent.AdditionalRefused(refusal.family(), TurnFailure.of(refusal.error()));
        }
        boolean four = grant.relayed().getAddress() instanceof Inet4Address;
        return new TurnEvent.AdditionalRefused(
                four ? AddressFamily.IPV6 : AddressFamily.IPV4,
                TurnFailure.of(TurnFailure.Kind.FAMILY_NOT_SUPPORTED, dialect.additionalAddressMissing()));
    }

    @Override
    public StunMethod method() {
        return StunMethod.ALLOCATE;
    }

    @Override
    public void write(StunWriter writer) {
        dialogue.writeAllocate(writer, new AllocationWish(settings, dontFragment, mobile));
    }

    @Override
    public boolean leaveOut(List<Integer> unknown) {
        boolean left = dontFragment && unknown.contains(DONT_FRAGMENT.type());
        dontFragment &= !left;
        return left;
    }

    @Override
    public void succeeded(long now, long sentAt, StunMessage answer) {
        Optional<InetSocketAddress> relayed = dialect.relayedAddress(answer).filter(Unicast::is);
        long seconds = TurnRequest.lifetimeIn(answer);
        if (relayed.isEmpty() || seconds == 0) {
            String missing = "a success without relayed address or lifetime";
            outcome.refused(now, TurnFailure.of(TurnFailure.Kind.MALFORMED, missing));
            return;
        }
        InetSocketAddress mapped =
                dialect.mappedAddress(answer).orElse(settings.base().address());
        Grant grant = new Grant(
                relayed.get(),
                settings.options().bothFamilies() ? additional(answer, relayed.get()) : null,
                answer.get(ADDRESS_ERROR_CODE)
                        .or(() -> answer.get(ADDRESS_ERROR_CODE_DRAFT))
                        .orElse(null),
                answer.get(RESERVATION_TOKEN).orElse(null),
                mobile ? MobilityTicket.in(answer) : null,
                mapped,
                seconds);
        outcome.granted(now, sentAt, grant);
    }

    private @Nullable InetSocketAddress additional(StunMessage answer, InetSocketAddress first) {
        return dialect.additionalAddress(answer, first).filter(Unicast::is).orElse(null);
    }

    @Override
    public void failed(long now, TurnFailure failure) {
        if (mobile && failure.code() == ErrorCode.MOBILITY_FORBIDDEN) {
            mobile = false; // RFC 8016 §3.1.3
            outcome.again(now);
        } else if (isOfFamily(failure) && options.anyFamily() && otherFamily == null) {
            otherFamily = failure;
            settings = settings.withOptions(options.withOneFamily()).withFamily(otherThan(settings.family()));
            outcome.again(now);
        } else {
            outcome.refused(now, failure);
        }
    }

    private static boolean isOfFamily(TurnFailure failure) {
        return failure.kind() == TurnFailure.Kind.FAMILY_NOT_SUPPORTED
                && failure.code() == ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
    }

    private static AddressFamily otherThan(AddressFamily family) {
        return family == AddressFamily.IPV4 ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }
}
