// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import java.util.List;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;

/** Lists the addresses of this machine. */
@FunctionalInterface
interface HostScan {

    /** All addresses of the interfaces that are up, those of loopback included. */
    List<LocalAddress> present() throws IOException;

    /** Asks the operating system. */
    static HostScan ofThisMachine() {
        return LocalAddresses::present;
    }
}
