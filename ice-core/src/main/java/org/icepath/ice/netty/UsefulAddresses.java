// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.icepath.net.InterfaceKind;
import org.icepath.net.LocalAddress;

/**
 * Which addresses are bound where a machine has more than a component may have candidates: those that packets to strangers leave from,
 * then the others of their interfaces, then those of other interfaces, and bridges to containers and virtual machines last. Among equals
 * the system's order stands.
 */
final class UsefulAddresses {

    private final Supplier<Set<InetAddress>> routed;

    /** @param routed the addresses that the default routes go out from; asked for only where there are too many */
    UsefulAddresses(Supplier<Set<InetAddress>> routed) {
        this.routed = routed;
    }

    /** Those that are bound, at most so many, in the order that they came in. */
    List<HostPlan.Place> first(int most, List<HostPlan.Place> all) {
        if (all.size() <= most) {
            return all;
        }
        Set<InetAddress> sources = routed.get();
        Set<String> interfaces = new HashSet<>();
        for (HostPlan.Place each : all) {
            if (sources.contains(each.address().address())) {
                interfaces.add(each.address().interfaceName());
            }
        }
        Set<HostPlan.Place> chosen = new HashSet<>(all.stream()
                .sorted(Comparator.comparingInt(place -> rank(place.address(), sources, interfaces)))
                .limit(most)
                .toList());
        return all.stream().filter(chosen::contains).toList();
    }

    private static int rank(LocalAddress address, Set<InetAddress> sources, Set<String> interfaces) {
        if (sources.contains(address.address())) {
            return 0;
        }
        if (interfaces.contains(address.interfaceName())) {
            return 1;
        }
        return address.kind() == InterfaceKind.VIRTUAL ? 3 : 2;
    }
}
