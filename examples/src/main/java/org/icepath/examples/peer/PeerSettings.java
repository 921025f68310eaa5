// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import java.util.Optional;
import org.icepath.ice.IceRole;
import org.icepath.sdp.SdpDialect;

/**
 * What a {@link LinePeer} is told beside its session.
 *
 * @param components 1 and up
 * @param role the role that the command line fixed, if any
 * @param trickle whether candidates are told one by one
 * @param echo whether data goes back to where it came from
 * @param renomination whether renomination is offered
 * @param report whether the session's story is told at its end
 * @param sdp how the other side's candidates may be written
 */
record PeerSettings(
        int components,
        Optional<IceRole> role,
        boolean trickle,
        boolean echo,
        boolean renomination,
        boolean report,
        SdpDialect sdp) {}
