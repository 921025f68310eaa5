// SPDX-License-Identifier: Apache-2.0
/** The ICE agent. */
module org.icepath.ice {
    requires static org.jspecify;
    requires transitive org.icepath.sdp;
    requires transitive org.icepath.turn;
    requires org.slf4j;

    uses org.icepath.ice.AutoProfile;

    provides org.icepath.ice.AutoProfile with
            org.icepath.ice.ms.MsAutoProfile;

    exports org.icepath;
    exports org.icepath.ice;
    exports org.icepath.ice.engine;
    exports org.icepath.ice.ms;
    exports org.icepath.ice.netty;
}
