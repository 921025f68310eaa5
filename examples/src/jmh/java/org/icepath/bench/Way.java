// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoopGroup;

/** The lanes that are compared. */
enum Way {
    BARE {
        @Override
        Lane open(EventLoopGroup group) {
            return BareLane.direct(group, 1);
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
            return BareLane.relayed(group, 1);
        }
    },
    RELAYED {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new RelayedLane(group, 1);
        }
    },
    BARE_BURSTS {
        @Override
        Lane open(EventLoopGroup group) {
            return BareLane.direct(group, Lane.BURST);
        }
    },
    AGENT_BURSTS {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new AgentLane(group, Lane.BURST);
        }
    },
    BARE_RELAYED_BURSTS {
        @Override
        Lane open(EventLoopGroup group) {
            return BareLane.relayed(group, Lane.BURST);
        }
    },
    RELAYED_BURSTS {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new RelayedLane(group, Lane.BURST);
        }
    };

    abstract Lane open(EventLoopGroup group) throws Exception;
}
