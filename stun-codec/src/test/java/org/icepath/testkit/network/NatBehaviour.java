// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.time.Duration;

/**
 * How a NAT treats UDP, in the terms of RFC 4787.
 *
 * @param mapping what a new binding depends on beside the inside endpoint (RFC 4787 §4.1)
 * @param filtering whose packets a binding lets in (RFC 4787 §5)
 * @param ports which external port a new binding gets (RFC 4787 §4.2.1)
 * @param hairpinning whether a packet from the inside to an external endpoint of this NAT comes back in (RFC 4787 §6)
 * @param lifetime how long a binding lives after the last packet that refreshed it (RFC 4787 §4.3)
 * @param inboundRefresh whether packets from the outside refresh a binding too
 */
public record NatBehaviour(
        Dependence mapping,
        Dependence filtering,
        Ports ports,
        boolean hairpinning,
        Duration lifetime,
        boolean inboundRefresh) {

    /** What a mapping or a filter depends on (RFC 4787 §4.1 and §5). */
    public enum Dependence {
        /** On nothing outside: one binding, anyone gets in. */
        ENDPOINT_INDEPENDENT,
        /** On the remote address. */
        ADDRESS_DEPENDENT,
        /** On the remote address and port. */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /** Which external port a new binding gets. */
    public enum Ports {
        /** The inside port if it is free, otherwise a random one. */
        PRESERVED,
        /** The next higher free one. */
        SEQUENTIAL,
        /** Any. */
        RANDOM
    }

    /** Endpoint-independent mapping and filtering. */
    public static final NatBehaviour FULL_CONE = of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT);

    /** Endpoint-independent mapping, address-dependent filtering. */
    public static final NatBehaviour ADDRESS_RESTRICTED =
            of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_DEPENDENT);

    /** Endpoint-independent mapping, address-and-port-dependent filtering: most homes. */
    public static final NatBehaviour PORT_RESTRICTED =
            of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT_DEPENDENT);

    /** Address-and-port-dependent mapping and filtering, random ports: many enterprises. */
    public static final NatBehaviour SYMMETRIC = of(
                    Dependence.ADDRESS_AND_PORT_DEPENDENT, Dependence.ADDRESS_AND_PORT_DEPENDENT)
            .withPorts(Ports.RANDOM);

    /** Ports preserved, no hairpinning, bindings that live 120 s after the last packet from the inside. */
    public static NatBehaviour of(Dependence mapping, Dependence filtering) {
        return new NatBehaviour(mapping, filtering, Ports.PRESERVED, false, Duration.ofMinutes(2), false);
    }

    /** The same with other ports. */
    public NatBehaviour withPorts(Ports other) {
        return new NatBehaviour(mapping, filtering, other, hairpinning, lifetime, inboundRefresh);
    }

    /** The same with or without hairpinning. */
    public NatBehaviour withHairpinning(boolean other) {
        return new NatBehaviour(mapping, filtering, ports, other, lifetime, inboundRefresh);
    }

    /** The same with another lifetime. */
    public NatBehaviour withLifetime(Duration other) {
        return new NatBehaviour(mapping, filtering, ports, hairpinning, other, inboundRefresh);
    }

    /** The same with or without refresh from the outside. */
    public NatBehaviour withInboundRefresh(boolean other) {
        return new NatBehaviour(mapping, filtering, ports, hairpinning, lifetime, other);
    }
}
