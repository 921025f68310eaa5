// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.icepath.stun.Attribute.address;
import static org.icepath.stun.Attribute.flag;
import static org.icepath.stun.Attribute.opaque;
import static org.icepath.stun.Attribute.text;
import static org.icepath.stun.Attribute.uint16;
import static org.icepath.stun.Attribute.uint32;
import static org.icepath.stun.Attribute.uint64;
import static org.icepath.stun.Attribute.uint8;
import static org.icepath.stun.Attribute.xorAddress;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The table of attributes: one row each, and nothing else has to be written for one (IANA "STUN Attributes").
 *
 * <p>Where the registry and what is in use give one code point two meanings, the row says what is in use.
 */
public final class Attributes {

    private static final int ANY = 0xFFFF;

    // RFC 8489
    public static final Attribute<InetSocketAddress> MAPPED_ADDRESS = address(0x0001, "MAPPED-ADDRESS"); // §14.1
    public static final Attribute<InetSocketAddress> XOR_MAPPED_ADDRESS =
            xorAddress(0x0020, "XOR-MAPPED-ADDRESS"); // §14.2
    public static final Attribute<String> USERNAME = text(0x0006, "USERNAME", TextLimit.USERNAME); // §14.3
    public static final Attribute<ByteBuffer> USERHASH = opaque(0x001E, "USERHASH", 32, 32); // §14.4
    public static final Attribute<ByteBuffer> MESSAGE_INTEGRITY = opaque(0x0008, "MESSAGE-INTEGRITY", 20, 32); // §14.5
    public static final Attribute<ByteBuffer> MESSAGE_INTEGRITY_SHA256 =
            opaque(0x001C, "MESSAGE-INTEGRITY-SHA256", 16, 32); // §14.6
    public static final Attribute<Long> FINGERPRINT = uint32(0x8028, "FINGERPRINT"); // §14.7
    public static final Attribute<ErrorCode> ERROR_CODE =
            new Attribute<>(0x0009, "ERROR-CODE", ErrorCodec.ERROR_CODE); // §14.8
    public static final Attribute<String> REALM = text(0x0014, "REALM", TextLimit.PHRASE); // §14.9
    public static final Attribute<String> NONCE = text(0x0015, "NONCE", TextLimit.PHRASE); // §14.10
    public static final Attribute<List<AlgorithmChoice>> PASSWORD_ALGORITHMS =
            new Attribute<>(0x8002, "PASSWORD-ALGORITHMS", AlgorithmCodec.LIST); // §14.11
    public static final Attribute<AlgorithmChoice> PASSWORD_ALGORITHM =
            new Attribute<>(0x001D, "PASSWORD-ALGORITHM", AlgorithmCodec.ONE); // §14.12
    public static final Attribute<List<Integer>> UNKNOWN_ATTRIBUTES =
            new Attribute<>(0x000A, "UNKNOWN-ATTRIBUTES", CompoundCodecs.TYPES); // §14.13
    public static final Attribute<String> SOFTWARE = text(0x8022, "SOFTWARE", TextLimit.PHRASE); // §14.14
    public static final Attribute<InetSocketAddress> ALTERNATE_SERVER = address(0x8023, "ALTERNATE-SERVER"); // §14.15
    public static final Attribute<String> ALTERNATE_DOMAIN =
            text(0x8003, "ALTERNATE-DOMAIN", TextLimit.DOMAIN); // §14.16

    // RFC 8445
    public static final Attribute<Long> PRIORITY = uint32(0x0024, "PRIORITY"); // §16.1
    public static final Attribute<Boolean> USE_CANDIDATE = flag(0x0025, "USE-CANDIDATE"); // §16.1
    public static final Attribute<Long> ICE_CONTROLLED = uint64(0x8029, "ICE-CONTROLLED"); // §16.1
    public static final Attribute<Long> ICE_CONTROLLING = uint64(0x802A, "ICE-CONTROLLING"); // §16.1

    // RFC 8656
    public static final Attribute<Integer> CHANNEL_NUMBER = uint16(0x000C, "CHANNEL-NUMBER"); // §18.1
    /** Seconds, 0 to release (RFC 8656 §18.2). */
    public static final Attribute<Long> LIFETIME = uint32(0x000D, "LIFETIME"); // §18.2

    public static final Attribute<InetSocketAddress> XOR_PEER_ADDRESS = xorAddress(0x0012, "XOR-PEER-ADDRESS"); // §18.3
    public static final Attribute<ByteBuffer> DATA = opaque(0x0013, "DATA", 0, ANY); // §18.4
    public static final Attribute<InetSocketAddress> XOR_RELAYED_ADDRESS =
            xorAddress(0x0016, "XOR-RELAYED-ADDRESS"); // §18.5
    public static final Attribute<AddressFamily> REQUESTED_ADDRESS_FAMILY =
            new Attribute<>(0x0017, "REQUESTED-ADDRESS-FAMILY", CompoundCodecs.ADDRESS_FAMILY); // §18.6
    /** True to have the next port reserved, too (RFC 8656 §18.7). */
    public static final Attribute<Boolean> EVEN_PORT =
            new Attribute<>(0x0018, "EVEN-PORT", NumberCodecs.HIGH_BIT); // §18.7
    /** The number of a protocol: UDP 17, TCP 6 (RFC 8656 §18.8). */
    public static final Attribute<Integer> REQUESTED_TRANSPORT = uint8(0x0019, "REQUESTED-TRANSPORT"); // §18.8

    public static final Attribute<Boolean> DONT_FRAGMENT = flag(0x001A, "DONT-FRAGMENT"); // §18.9
    public static final Attribute<Long> RESERVATION_TOKEN = uint64(0x0022, "RESERVATION-TOKEN"); // §18.10
    public static final Attribute<AddressFamily> ADDITIONAL_ADDRESS_FAMILY =
            new Attribute<>(0x8000, "ADDITIONAL-ADDRESS-FAMILY", CompoundCodecs.ADDRESS_FAMILY); // §18.11
    public static final Attribute<AddressErrorCode> ADDRESS_ERROR_CODE =
            new Attribute<>(0x8001, "ADDRESS-ERROR-CODE", ErrorCodec.ADDRESS_ERROR_CODE); // §18.12
    public static final Attribute<IcmpError> ICMP = new Attribute<>(0x8004, "ICMP", CompoundCodecs.ICMP); // §18.13
    /** Kilobits a second in drafts; RFC 8656 reserves it. */
    public static final Attribute<Long> BANDWIDTH = uint32(0x0010, "BANDWIDTH"); // reserved
    /** Seconds in drafts; RFC 8656 reserves it. */
    public static final Attribute<Long> TIMER_VAL = uint32(0x0021, "TIMER-VAL"); // reserved

    // RFC 5780
    public static final Attribute<ChangeRequest> CHANGE_REQUEST =
            new Attribute<>(0x0003, "CHANGE-REQUEST", CompoundCodecs.CHANGE_REQUEST); // §7.2
    public static final Attribute<InetSocketAddress> RESPONSE_ORIGIN = address(0x802B, "RESPONSE-ORIGIN"); // §7.3
    public static final Attribute<InetSocketAddress> OTHER_ADDRESS = address(0x802C, "OTHER-ADDRESS"); // §7.4
    public static final Attribute<Integer> RESPONSE_PORT = uint16(0x0027, "RESPONSE-PORT"); // §7.5
    public static final Attribute<ByteBuffer> PADDING = opaque(0x0026, "PADDING", 0, ANY); // §7.6
    /** Seconds for which the server keeps a transaction (RFC 5780 §9.1). */
    public static final Attribute<Long> CACHE_TIMEOUT = uint32(0x8027, "CACHE-TIMEOUT"); // IANA

    // RFC 6062, 6679, 7635, 7982, 8016
    public static final Attribute<Long> CONNECTION_ID = uint32(0x002A, "CONNECTION-ID"); // RFC 6062 §6.2.1
    public static final Attribute<Long> ECN_CHECK = uint32(0x802D, "ECN-CHECK STUN"); // RFC 6679 §7.2.2
    public static final Attribute<ByteBuffer> ACCESS_TOKEN = opaque(0x001B, "ACCESS-TOKEN", 0, ANY); // RFC 7635 §6.2
    public static final Attribute<String> THIRD_PARTY_AUTHORIZATION =
            text(0x802E, "THIRD-PARTY-AUTHORIZATION", TextLimit.NONE); // RFC 7635 §6.1
    public static final Attribute<TransmitCounter> TRANSACTION_TRANSMIT_COUNTER =
            new Attribute<>(0x8025, "TRANSACTION_TRANSMIT_COUNTER", CompoundCodecs.TRANSMIT_COUNTER); // RFC 7982 §3
    public static final Attribute<ByteBuffer> MOBILITY_TICKET =
            opaque(0x8030, "MOBILITY-TICKET", 0, ANY); // RFC 8016 §3.1

    // RFC 3489, and the drafts of TURN on its ground
    public static final Attribute<InetSocketAddress> RESPONSE_ADDRESS = address(0x0002, "RESPONSE-ADDRESS"); // §11.2.2
    public static final Attribute<InetSocketAddress> SOURCE_ADDRESS = address(0x0004, "SOURCE-ADDRESS"); // §11.2.5
    public static final Attribute<InetSocketAddress> CHANGED_ADDRESS = address(0x0005, "CHANGED-ADDRESS"); // §11.2.3
    /** Bytes, never read as text, so that none reaches a log (RFC 3489 §11.2.7). */
    public static final Attribute<ByteBuffer> PASSWORD = opaque(0x0007, "PASSWORD", 0, ANY); // §11.2.7

    public static final Attribute<InetSocketAddress> REFLECTED_FROM = address(0x000B, "REFLECTED-FROM"); // §11.2.11
    public static final Attribute<Long> MAGIC_COOKIE = uint32(0x000F, "MAGIC-COOKIE"); // midcom-turn-08 §8
    public static final Attribute<InetSocketAddress> XOR_MAPPED_ADDRESS_2005 =
            xorAddress(0x8020, "XOR-MAPPED-ADDRESS (2005)"); // behave-rfc3489bis-02 §10.2.12; still sent by old servers

    // In use without an RFC
    public static final Attribute<AddressFamily> ADDITIONAL_ADDRESS_FAMILY_DRAFT = new Attribute<>(
            0x8032, "ADDITIONAL-ADDRESS-FAMILY (draft)", CompoundCodecs.ADDRESS_FAMILY); // tram-turn-ssoda; coturn
    public static final Attribute<AddressErrorCode> ADDRESS_ERROR_CODE_DRAFT =
            new Attribute<>(0x8033, "ADDRESS-ERROR-CODE (draft)", ErrorCodec.ADDRESS_ERROR_CODE); // the same
    public static final Attribute<String> ORIGIN = text(0x802F, "ORIGIN", TextLimit.NONE); // tram-stun-origin-05
    public static final Attribute<Long> NOMINATION = uint32(0xC001, "NOMINATION"); // thatcher-ice-renomination-01
    public static final Attribute<ByteBuffer> CISCO_STUN_FLOWDATA = opaque(0xC000, "CISCO-STUN-FLOWDATA", 0, ANY);
    public static final Attribute<ByteBuffer> ENF_NETWORK_STATUS = opaque(0xC002, "ENF-NETWORK-STATUS", 0, ANY);
    public static final Attribute<ByteBuffer> CISCO_WEBEX_FLOW_INFO = opaque(0xC003, "CISCO-WEBEX-FLOW-INFO", 0, ANY);
    public static final Attribute<ByteBuffer> CITRIX_TRANSACTION_ID = opaque(0xC056, "CITRIX-TRANSACTION-ID", 0, ANY);
    public static final Attribute<NetworkCost> NETWORK_COST =
            new Attribute<>(0xC057, "GOOG-NETWORK-INFO", CompoundCodecs.NETWORK_COST);
    public static final Attribute<ByteBuffer> GOOG_LAST_ICE_CHECK_RECEIVED =
            opaque(0xC058, "GOOG-LAST-ICE-CHECK-RECEIVED", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_MISC_INFO = opaque(0xC059, "GOOG-MISC-INFO", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_OBSOLETE_1 = opaque(0xC05A, "GOOG-OBSOLETE-1", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_CONNECTION_ID = opaque(0xC05B, "GOOG-CONNECTION-ID", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_DELTA = opaque(0xC05C, "GOOG-DELTA", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_DELTA_ACK = opaque(0xC05D, "GOOG-DELTA-ACK", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_DELTA_SYNC_REQ = opaque(0xC05E, "GOOG-DELTA-SYNC-REQ", 0, ANY);
    public static final Attribute<ByteBuffer> GOOG_MESSAGE_INTEGRITY_32 =
            opaque(0xC060, "GOOG-MESSAGE-INTEGRITY-32", 4, 4);
    public static final Attribute<ByteBuffer> DTLS_IN_STUN = opaque(0xC070, "DTLS-IN-STUN", 0, ANY);
    public static final Attribute<ByteBuffer> DTLS_IN_STUN_ACKNOWLEDGEMENT =
            opaque(0xC071, "DTLS-IN-STUN-ACKNOWLEDGEMENT", 0, ANY);

    private static final AttributeTable TABLE = AttributeTable.ofConstants(Attributes.class);

    private Attributes() {}

    /** Every row, by ascending code point. */
    public static List<Attribute<?>> all() {
        return TABLE.rows();
    }

    /** The row of a code point, empty when there is none. */
    public static Optional<Attribute<?>> byType(int type) {
        return TABLE.find(type);
    }

    /** Whether the code point has a row. */
    public static boolean isKnown(int type) {
        return TABLE.contains(type);
    }

    /** Whether the code point is an address, and if so whether it is under the cookie. */
    static AddressKind addressKind(int type) {
        return TABLE.addressKind(type);
    }
}
