// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoopGroup;

/** The lanes that are compared. */
enum Way {
    BARE {
        @Override
        Lane open(EventLoopGroup group) {
            return new BareLane(group);
        }
    },
    AGENTS {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new AgentLane(group, 1);
        }
    },
    BARE_RELAYED {
        @Override
        Lane open(EventLoopGroup group) {
            return new BareRelayedLane(group);
        }
    },
    RELAYED {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new RelayedLane(group);
        }
    },
    BARE_BURSTS {
        @Override
        Lane open(EventLoopGroup group) {
            return new BareBurstLane(group);
        }
    },
    AGENT_BURSTS {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new AgentLane(group, Lane.BURST);
        }
    };

    abstract Lane open(EventLoopGroup group) throws Exception;
}
