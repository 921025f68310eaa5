// SPDX-License-Identifier: Apache-2.0
/** STUN, TURN and their framings as bytes, and what a protocol machine is. Needs the JDK alone. */
module org.icepath.stun {
    requires static org.jspecify;

    exports org.icepath.sansio;
    exports org.icepath.stun.auth;
    exports org.icepath.stun.hmac;
    exports org.icepath.stun.ms;
    exports org.icepath.stun;
    exports org.icepath.stun.transaction;
    exports org.icepath.turn.wire;
}
