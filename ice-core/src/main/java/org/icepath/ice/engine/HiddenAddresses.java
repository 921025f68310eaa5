// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;

/**
 * What the peers are told of our candidates where host addresses are to stay hidden (draft-ietf-mmusic-mdns-ice-candidates §3.1): of
 * a host candidate a random name under {@code .local}, one for each address, that the shell answers for; of others no related address.
 * Inside, candidates keep their addresses. Not thread-safe.
 */
final class HiddenAddresses {

    // RFC 8839 §5.1: what stands for a related address that is not told
    private static final CandidateAddress NO_IPV4 = CandidateAddress.of("0.0.0.0", 9);
    private static final CandidateAddress NO_IPV6 = CandidateAddress.of("::", 9);

    private static final long VERSION_FIELD = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_FIELD = 0xC000_0000_0000_0000L;
    private static final long VARIANT_RFC9562 = 0x8000_0000_0000_0000L;

    private final boolean hides;
    private final RandomGenerator random;
    private final EngineOutbox outbox;
    private final Map<InetAddress, String> names;

    HiddenAddresses(boolean hides, RandomGenerator random, EngineOutbox outbox) {
        this.hides = hides;
        this.names = hides ? new HashMap<>() : Map.of();
        this.random = random;
        this.outbox = outbox;
    }

    /** A candidate as the peers know it. */
    Candidate told(Candidate candidate) {
        if (!hides || !(candidate.address() instanceof IpAddress address)) {
            return candidate;
        }
        if (candidate.type() == CandidateType.HOST) {
            return candidate.withAddress(new NamedAddress(nameOf(address.ip()), address.port()));
        }
        return candidate.relatedAddress().isEmpty()
                ? candidate
                : candidate.withRelatedAddress(address.isIpv6() ? NO_IPV6 : NO_IPV4);
    }

    /** Whether the peers know no address of this candidate. */
    boolean isHidden(Candidate candidate) {
        return hides && candidate.type() == CandidateType.HOST;
    }

    private String nameOf(InetAddress ip) {
        String known = names.get(ip);
        if (known != null) {
            return known;
        }
        String name = uuid() + ".local";
        names.put(ip, name);
        outbox.tell(new EngineEvent.PublishName(name, ip));
        return name;
    }

    // RFC 9562 §5.4: nothing about us is in it.
    private UUID uuid() {
        long high = random.nextLong() & ~VERSION_FIELD | VERSION_4;
        long low = random.nextLong() & ~VARIANT_FIELD | VARIANT_RFC9562;
        return new UUID(high, low);
    }
}
