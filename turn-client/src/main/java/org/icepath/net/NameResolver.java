// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Resolves names to all their A and AAAA records without blocking, each family by itself, within a deadline.
 *
 * <p>The hosts file counts, address literals need no lookup, and an answer in one family waits for the other no longer than 200 ms. A
 * socket is open only while a lookup runs. Any thread may ask.
 */
public final class NameResolver implements AutoCloseable {

    private static final int MOST_NAME_CHARS = 255; // RFC 1035 §2.3.4

    // How long a family that has answered waits for the other one (RFC 8305 §3 has 50 ms, for one
    // connection): some name servers never answer questions for AAAA, and gathering is over after 500 ms.
    private static final Duration OTHER_FAMILY = Duration.ofMillis(200);

    // Most servers have no such records; a name server that does not even say so is not waited for.
    private static final Duration SERVICES = Duration.ofMillis(400);

    private final EventLoop loop;
    private final DnsNameResolver ipv4;
    private final DnsNameResolver ipv6;

    /** A resolver that asks the system's name servers from {@code loop}, one of {@code loops}. */
    public NameResolver(EventLoops loops, EventLoop loop) {
        this(loops, loop, DnsServerAddressStreamProviders.platformDefault());
    }

    /** A resolver that asks name servers of the application's choosing, the first one first; at least one. */
    public NameResolver(EventLoops loops, EventLoop loop, List<InetSocketAddress> servers) {
        this(loops, loop, new SequentialDnsServerAddressStreamProvider(servers));
    }

    private NameResolver(EventLoops loops, EventLoop loop, DnsServerAddressStreamProvider servers) {
        this.loop = loop;
        this.ipv4 = resolver(loops, loop, servers, ResolvedAddressTypes.IPV4_ONLY);
        this.ipv6 = resolver(loops, loop, servers, ResolvedAddressTypes.IPV6_ONLY);
    }

    private static DnsNameResolver resolver(
            EventLoops loops, EventLoop loop, DnsServerAddressStreamProvider servers, ResolvedAddressTypes types) {
        return new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(loops::newDatagramChannel)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .nameServerProvider(servers)
                .resolvedAddressTypes(types)
                .build();
    }

    /**
     * Looks up all addresses of a name.
     *
     * @param name a host name, or an address literal (IPv6 with or without brackets)
     * @param deadline after which what has been found is the answer
     * @return never fails; completed on the event loop, or at once for a literal
     */
    public CompletableFuture<ResolvedName> resolve(String name, Duration deadline) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(withoutBrackets(name));
        if (literal != null) {
            boolean isIpv4 = literal instanceof Inet4Address;
            return CompletableFuture.completedFuture(new ResolvedName(
                    name, isIpv4 ? List.of(literal) : List.of(), isIpv4 ? List.of() : List.of(literal), List.of()));
        }
        CompletableFuture<ResolvedName> resolved = new CompletableFuture<>();
        Optional<String> problem = whyNoName(name);
        if (problem.isPresent()) {
            resolved.complete(
                    new ResolvedName(name, List.of(), List.of(), List.of("not a host name: " + problem.get())));
        } else {
            loop.execute(() -> new Lookup(name, resolved).start(deadline));
        }
        return resolved;
    }

    // Names come from a peer's description, too. The resolver
    // would throw on the event loop for what has no form in DNS.
    private static Optional<String> whyNoName(String name) {
        if (name.isBlank() || name.length() > MOST_NAME_CHARS) {
            return Optional.of(name.length() + " characters");
        }
        try {
            return IDN.toASCII(name).length() > MOST_NAME_CHARS ? Optional.of("too long for DNS") : Optional.empty();
        } catch (IllegalArgumentException unwritable) {
            return Optional.of(String.valueOf(unwritable.getMessage()));
        }
    }

    private static String withoutBrackets(String name) {
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    /**
     * Looks up where a service is (SRV, RFC 2782).
     *
     * @return never fails; empty if there are no such records, or no answer came within 400 ms
     */
    public CompletableFuture<List<ServiceRecord>> services(String name) {
        return records(name, DnsRecordType.SRV, RecordReader::services);
    }

    /**
     * Looks up how a service is found (NAPTR, RFC 3958).
     *
     * @return never fails; empty if there are no such records, or no answer came within 400 ms
     */
    public CompletableFuture<List<NamingRecord>> namings(String name) {
        return records(name, DnsRecordType.NAPTR, RecordReader::namings);
    }

    private <T> CompletableFuture<List<T>> records(
            String name, DnsRecordType type, Function<List<DnsRecord>, List<T>> reader) {
        CompletableFuture<List<T>> read = new CompletableFuture<>();
        if (whyNoName(name).isPresent()
                || NetUtil.createInetAddressFromIpAddressString(withoutBrackets(name)) != null) {
            read.complete(List.of());
            return read;
        }
        loop.execute(() -> {
            Future<List<DnsRecord>> answer = ipv4.resolveAll(new DefaultDnsQuestion(name, type));
            answer.addListener(done -> read.complete(answer.isSuccess() ? reader.apply(answer.getNow()) : List.of()));
        });
        return read.completeOnTimeout(List.of(), SERVICES.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Gives up what is running. Idempotent, any thread. */
    @Override
    public void close() {
        ipv4.close();
        ipv6.close();
    }

    /** One lookup in both families; confined to the event loop. */
    private final class Lookup {

        private final String name;
        private final CompletableFuture<ResolvedName> resolved;
        private final List<InetAddress> found4 = new ArrayList<>();
        private final List<InetAddress> found6 = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private int open = 2;

        Lookup(String name, CompletableFuture<ResolvedName> resolved) {
            this.name = name;
            this.resolved = resolved;
        }

        void start(Duration deadline) {
            endAfter(deadline);
            ask(ipv4, "A", found4);
            ask(ipv6, "AAAA", found6);
        }

        private void ask(DnsNameResolver resolver, String record, List<InetAddress> found) {
            Future<List<InetAddress>> answer = resolver.resolveAll(name);
            answer.addListener(done -> {
                if (answer.isSuccess()) {
                    found.addAll(answer.getNow());
                } else {
                    problems.add(record + ": " + summary(answer.cause()));
                }
                if (--open == 0) {
                    finish("");
                } else if (answer.isSuccess()) {
                    endAfter(OTHER_FAMILY);
                }
            });
        }

        private void endAfter(Duration time) {
            Future<?> timer = loop.schedule(
                    () -> finish("no answer within " + time.toMillis() + " ms"),
                    time.toMillis(),
                    TimeUnit.MILLISECONDS);
            resolved.whenComplete((answer, failure) -> timer.cancel(false));
        }

        private void finish(String problem) {
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
            resolved.complete(new ResolvedName(name, found4, found6, problems));
        }

        private String summary(Throwable failure) {
            String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            return message.lines().findFirst().orElse("failed").strip().toLowerCase(Locale.ROOT);
        }
    }
}
