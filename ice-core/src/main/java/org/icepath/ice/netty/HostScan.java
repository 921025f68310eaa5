// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;

/** Lists the addresses of this machine. */
@FunctionalInterface
interface HostScan {

    /** All addresses of the interfaces that are up, those of loopback included. */
    List<LocalAddress> present() throws IOException;

    /** Asks the operating system. What has not changed is the same list again, since every session keeps one. Thread-safe. */
    static HostScan ofThisMachine() {
        AtomicReference<List<LocalAddress>> last = new AtomicReference<>(List.of());
        return () -> {
            List<LocalAddress> present = List.copyOf(LocalAddresses.present());
            return last.updateAndGet(known -> known.equals(present) ? known : present);
        };
    }
}
