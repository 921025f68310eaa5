// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.IceConfig;
import org.junit.jupiter.api.Test;

/** With which code point connections leave, of which nobody knows the stream. */
class ConnectionMarksTest {

    private static final IceConfig BOTH = IceConfig.create().stream("audio", 1).stream("video", 1);

    @Test
    void whatAllStreamsHaveIsTaken() {
        IceConfig alike = BOTH.dscp("audio", 46).dscp("video", 46);

        assertThat(SessionShell.connections(alike).dscp()).isEqualTo(46);
    }

    @Test
    void streamsThatDifferLeaveThemUnmarked() {
        IceConfig differing = BOTH.dscp("audio", 46).dscp("video", 34);

        assertThat(SessionShell.connections(differing).dscp()).isZero();
    }

    @Test
    void whatTheApplicationSaysOfConnectionsGoesBefore() {
        IceConfig told = BOTH.dscp("audio", 46)
                .dscp("video", 46)
                .connections(ConnectionSettings.create().withDscp(10));

        assertThat(SessionShell.connections(told).dscp()).isEqualTo(10);
    }
}
