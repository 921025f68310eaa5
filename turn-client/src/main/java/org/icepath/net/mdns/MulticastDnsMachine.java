// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/**
 * Looks up {@code .local} names by multicast and answers for ours (RFC 6762 §5 and §6). A base stands for one family on one interface;
 * what is asked and answered goes out on all of them. Not thread-safe.
 */
public final class MulticastDnsMachine implements Machine<MulticastDnsMachine.Found> {

    /** RFC 6762 §3. */
    public static final int PORT = 5353;

    /** RFC 6762 §3: 224.0.0.251. */
    public static final InetAddress IPV4_GROUP = literal(224, 0, 0, 251);

    /** RFC 6762 §3: ff02::fb. */
    public static final InetAddress IPV6_GROUP = literal(0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFB);

    /** How long a name is looked up: four questions, of which two may well be lost in a wireless network. */
    public static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long FIRST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1); // RFC 6762 §5.2, and doubled
    private static final long LEAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1); // RFC 6762 §6
    private static final int LIFETIME_SECONDS = 120; // RFC 6762 §10
    private static final int MOST_LOOKUPS = 64;
    private static final int MOST_NAMES = 4_096;
    private static final int MOST_WAITING = 256;
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int ANY = 255;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}\\.local");

    private final List<Base> bases = new ArrayList<>();
    private final Map<String, Lookup> lookups = new LinkedHashMap<>();
    private final Map<String, Published> published = new HashMap<>();
    private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>();
    private final ArrayDeque<Found> found = new ArrayDeque<>();

    /**
     * A lookup has ended.
     *
     * @param name as it was asked for, in lower case
     * @param addresses none when nobody answered
     */
    public record Found(String name, List<InetAddress> addresses) {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    private record Outgoing(Base base, byte[] message) {}

    private static final class Lookup {
        private final long givesUpAt;
        private long interval = FIRST_INTERVAL_NANOS;
        private long asksAt;

        Lookup(long now) {
            givesUpAt = now + PATIENCE_NANOS;
            asksAt = now;
        }
    }

    private static final class Published {
        private final InetAddress ip;
        private long answeredAt = Long.MIN_VALUE;

        Published(InetAddress ip) {
            this.ip = ip;
        }
    }

    /** A machine that knows no name and has no way out yet, see {@link #opened}. */
    public MulticastDnsMachine() {
        // nothing stands before the first socket does
    }

    /** Whether a name is one that a lookup takes: a single label under {@code .local}, as browsers make them. */
    public static boolean isLocalName(String name) {
        return NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * Looks a name up; {@link Found} follows within 8 s. One that is looked up already is not asked for twice.
     *
     * @return false when there are too many lookups, or the name is none of those
     */
    public boolean resolve(long now, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isLocalName(lower) || lookups.size() >= MOST_LOOKUPS) {
            return false;
        }
        Published ours = published.get(lower);
        if (ours != null) {
            found.add(new Found(lower, List.of(ours.ip)));
        } else if (lookups.putIfAbsent(lower, new Lookup(now)) == null) {
            askDue(now);
        }
        return true;
    }

    /**
     * Answers for a name from now on.
     *
     * @return false when there are too many, or the name is none of ours
     */
    public boolean publish(String name, InetAddress ip) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isLocalName(lower) || published.size() >= MOST_NAMES) {
            return false;
        }
        published.put(lower, new Published(ip));
        return true;
    }

    /** Answers for a name no longer. */
    public void withdraw(String name) {
        published.remove(name.toLowerCase(Locale.ROOT));
    }

    /** Whether nothing is looked up and no name is ours: no socket is needed. */
    public boolean isIdle() {
        return lookups.isEmpty() && published.isEmpty();
    }

    /** A socket stands: what was asked elsewhere is asked there, too. */
    @Override
    public void opened(long now, Base base) {
        bases.add(base);
        lookups.keySet().forEach(name -> send(base, MdnsCodec.query(name)));
    }

    @Override
    public void closed(long now, Base base, Cause cause) {
        bases.remove(base);
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        // RFC 6762 §6: an answer comes from port 5353; §6.7: who asks
        // from another wants one by unicast, which could be reflected
        if (isIdle() || from.getPort() != PORT) {
            return false;
        }
        MdnsMessage message = MdnsCodec.read(payload).orElse(null);
        if (message == null) {
            return false;
        }
        if (message.response()) {
            take(message.addresses());
        } else {
            message.questions().forEach(question -> answer(now, question));
        }
        return true;
    }

    private void take(List<MdnsMessage.Address> addresses) {
        for (MdnsMessage.Address address : addresses) {
            if (lookups.remove(address.name()) != null) {
                List<InetAddress> all = addresses.stream()
                        .filter(each -> each.name().equals(address.name()))
                        .map(MdnsMessage.Address::ip)
                        .toList();
                found.add(new Found(address.name(), all));
            }
        }
    }

    private void answer(long now, MdnsMessage.Question question) {
        Published ours = published.get(question.name());
        boolean concerned = question.type() == A || question.type() == AAAA || question.type() == ANY;
        if (ours == null || !concerned) {
            return;
        }
        boolean recently = ours.answeredAt != Long.MIN_VALUE && now - ours.answeredAt < LEAST_ANSWER_NANOS;
        if (!recently) {
            ours.answeredAt = now;
            byte[] answer = MdnsCodec.answer(question.name(), ours.ip, LIFETIME_SECONDS);
            bases.forEach(base -> send(base, answer));
        }
    }

    private void send(Base base, byte[] message) {
        if (outgoing.size() < MOST_WAITING) {
            outgoing.add(new Outgoing(base, message));
        }
    }

    @Override
    public void handleTimeout(long now) {
        for (Iterator<Map.Entry<String, Lookup>> all = lookups.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Lookup> each = all.next();
            if (now >= each.getValue().givesUpAt) {
                all.remove();
                found.add(new Found(each.getKey(), List.of()));
            }
        }
        askDue(now);
    }

    private void askDue(long now) {
        lookups.forEach((name, lookup) -> {
            if (now >= lookup.asksAt) {
                lookup.asksAt = now + lookup.interval;
                lookup.interval *= 2;
                bases.forEach(base -> send(base, MdnsCodec.query(name)));
            }
        });
    }

    @Override
    public long nextTimeout() {
        long next = NEVER;
        for (Lookup lookup : lookups.values()) {
            next = Math.min(next, Math.min(lookup.asksAt, lookup.givesUpAt));
        }
        return next;
    }

    @Override
    public void drainTo(Output<? super Found> out) {
        for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
            out.transmit(next.base(), groupOf(next.base()), ByteBuffer.wrap(next.message()));
        }
        for (Found next = found.poll(); next != null; next = found.poll()) {
            out.event(next);
        }
    }

    private static InetSocketAddress groupOf(Base base) {
        boolean ipv4 = base.address().getAddress() instanceof Inet4Address;
        return new InetSocketAddress(ipv4 ? IPV4_GROUP : IPV6_GROUP, PORT);
    }

    private static InetAddress literal(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
