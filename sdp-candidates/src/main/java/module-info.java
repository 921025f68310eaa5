// SPDX-License-Identifier: Apache-2.0
/** ICE candidates as values, and their SDP. Needs the JDK alone. */
module org.icepath.sdp {
    requires static org.jspecify;

    exports org.icepath.candidate;
    exports org.icepath.sdp;
    exports org.icepath.sdp.explain;
    exports org.icepath.sdp.ms;
}
