// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.util.HexFormat;

/** The sample request of RFC 5769 §2.1: 108 bytes, with every attribute of a connectivity check. */
final class Rfc5769 {

    static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    static final byte[] REQUEST = HexFormat.of()
            .parseHex("000100582112a442b7e7a701bc34d686fa87dfae"
                    + "802200105354554e207465737420636c69656e74"
                    + "002400046e0001ff"
                    + "80290008932ff9b151263b36"
                    + "000600096576746a3a68367659202020"
                    + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
                    + "80280004e57a3bcf");

    private Rfc5769() {}

    /** The request with its FINGERPRINT wrong. */
    static byte[] brokenFingerprint() {
        byte[] broken = REQUEST.clone();
        broken[broken.length - 1] ^= 1;
        return broken;
    }
}
