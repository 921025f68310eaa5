// SPDX-License-Identifier: Apache-2.0
/** The ICE agent. */
module org.icepath.ice {
    requires static org.jspecify;
    requires transitive org.icepath.sdp;
    requires transitive org.icepath.turn;

    exports org.icepath.ice;
    exports org.icepath.ice.engine;
}
