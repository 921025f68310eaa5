// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import static org.icepath.stun.Attribute.address;
import static org.icepath.stun.Attribute.opaque;
import static org.icepath.stun.Attribute.text;
import static org.icepath.stun.Attribute.uint32;
import static org.icepath.stun.Attribute.value;
import static org.icepath.stun.Attribute.xorAddress;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.TextLimit;

/**
 * The attributes of MS-TURN and of its bandwidth management, one row each ([MS-TURN] §2.2.2, [MS-TURNBWM] §2.2). Code points that
 * the standard gives another meaning have the meaning of this dialect.
 */
public final class MsTurnAttributes {

    private static final int ANY = 0xFFFF;
    private static final TextLimit NAME = new TextLimit(128, 128, 128);

    // Rows that a receiver must understand
    /** In an Allocate response the <em>relayed</em> address, in the clear (§3.2.5.1, seen). */
    public static final Attribute<InetSocketAddress> MAPPED_ADDRESS = Attributes.MAPPED_ADDRESS;
    /** The bytes that a media relay authentication service gave (seen). */
    public static final Attribute<ByteBuffer> USERNAME = opaque(0x0006, "USERNAME", 0, 512);

    public static final Attribute<ByteBuffer> MESSAGE_INTEGRITY = Attributes.MESSAGE_INTEGRITY;
    public static final Attribute<ErrorCode> ERROR_CODE = Attributes.ERROR_CODE;
    public static final Attribute<List<Integer>> UNKNOWN_ATTRIBUTES = Attributes.UNKNOWN_ATTRIBUTES; // §2.2.2.5
    /** Seconds; 0 in a request releases the allocation. */
    public static final Attribute<Long> LIFETIME = Attributes.LIFETIME;
    /** In a 401 where to go on, in a 300 another server (§2.2.2.7). */
    public static final Attribute<InetSocketAddress> ALTERNATE_SERVER = address(0x000E, "MS-ALTERNATE-SERVER");

    public static final Attribute<Long> MAGIC_COOKIE = Attributes.MAGIC_COOKIE; // §2.2.2.8
    public static final Attribute<Long> BANDWIDTH = Attributes.BANDWIDTH;
    public static final Attribute<InetSocketAddress> DESTINATION_ADDRESS = address(0x0011, "DESTINATION-ADDRESS");
    public static final Attribute<InetSocketAddress> REMOTE_ADDRESS = address(0x0012, "REMOTE-ADDRESS");
    public static final Attribute<ByteBuffer> DATA = Attributes.DATA; // §2.2.2.12
    /** The standard's code point of REALM (seen). */
    public static final Attribute<ByteBuffer> NONCE = opaque(0x0014, "MS-NONCE", 0, 128);
    /** The standard's code point of NONCE; with quotation marks on the wire, see {@link MsRealm} (seen). */
    public static final Attribute<String> REALM = text(0x0015, "MS-REALM", NAME);

    public static final Attribute<AddressFamily> REQUESTED_ADDRESS_FAMILY =
            Attributes.REQUESTED_ADDRESS_FAMILY; // §2.2.2.15

    // Rows that may be ignored
    /** Of unknown meaning; 1 was seen. */
    public static final Attribute<Long> MS_8006 = uint32(0x8006, "MS-0x8006");
    /** What a side can do: 1 and 2 clients, 3 SHA-256, 4 IPv6, 5 and 6 multiplexed relays (§2.2.2.17). */
    public static final Attribute<Long> MS_VERSION = uint32(0x8008, "MS-VERSION");
    /** The client's reflexive address, under the first bytes of the transaction id (§2.2.2.16, seen). */
    public static final Attribute<InetSocketAddress> XOR_MAPPED_ADDRESS = xorAddress(0x8020, "MS-XOR-MAPPED-ADDRESS");

    public static final Attribute<String> SOFTWARE = Attributes.SOFTWARE;
    public static final Attribute<String> ALTERNATE_HOST_NAME = text(0x8032, "MS-ALTERNATE-HOST-NAME", NAME);
    public static final Attribute<Long> APP_ID = uint32(0x8037, "MS-APP-ID");
    public static final Attribute<ByteBuffer> SECURE_TAG = opaque(0x8039, "MS-SECURE-TAG", 0, 40);
    public static final Attribute<MsSequenceNumber> SEQUENCE_NUMBER = value(
            0x8050,
            "MS-SEQUENCE-NUMBER",
            MsSequenceNumber.SHORT_LENGTH,
            MsSequenceNumber.LENGTH,
            MsSequenceNumber::read,
            MsSequenceNumber::bytes);
    public static final Attribute<MsServiceQuality> SERVICE_QUALITY = value(
            0x8055,
            "MS-SERVICE-QUALITY",
            MsServiceQuality.LENGTH,
            MsServiceQuality.LENGTH,
            MsServiceQuality::read,
            MsServiceQuality::bytes);
    /** The relayed address of the other family, always IPv6 (§2.2.2.23). */
    public static final Attribute<InetSocketAddress> ALTERNATE_MAPPED_ADDRESS =
            address(0x8090, "MS-ALTERNATE-MAPPED-ADDRESS");
    /** Which stream of a multiplexed relay is meant, see {@link MultiplexedFrame} (§2.2.3, seen). */
    public static final Attribute<Long> MULTIPLEXED_SESSION_ID =
            Attribute.uint64(0x8095, "MULTIPLEXED-TURN-SESSION-ID");

    // Bandwidth management
    /** In the low 16 bits: 0 check a reservation, 1 commit, 2 update. */
    public static final Attribute<Long> BW_ADMISSION_CONTROL = uint32(0x8056, "BW-ADMISSION-CONTROL-MESSAGE");

    public static final Attribute<ByteBuffer> BW_RESERVATION_ID = opaque(0x8057, "BW-RESERVATION-IDENTIFIER", 16, 16);
    public static final Attribute<BandwidthAmount> BW_RESERVATION_AMOUNT = value(
            0x8058,
            "BW-RESERVATION-AMOUNT",
            BandwidthAmount.LENGTH,
            BandwidthAmount.LENGTH,
            BandwidthAmount::read,
            BandwidthAmount::bytes);
    public static final Attribute<InetSocketAddress> REMOTE_SITE_ADDRESS = xorAddress(0x8059, "REMOTE-SITE-ADDRESS");
    public static final Attribute<InetSocketAddress> REMOTE_RELAY_SITE_ADDRESS =
            xorAddress(0x805A, "REMOTE-RELAY-SITE-ADDRESS");
    public static final Attribute<InetSocketAddress> LOCAL_SITE_ADDRESS = xorAddress(0x805B, "LOCAL-SITE-ADDRESS");
    public static final Attribute<InetSocketAddress> LOCAL_RELAY_SITE_ADDRESS =
            xorAddress(0x805C, "LOCAL-RELAY-SITE-ADDRESS");
    public static final Attribute<SiteResponse> REMOTE_SITE_RESPONSE = site(0x805D, "REMOTE-SITE-ADDRESS-RESPONSE");
    public static final Attribute<SiteResponse> REMOTE_RELAY_SITE_RESPONSE =
            relaySite(0x805E, "REMOTE-RELAY-SITE-ADDRESS-RESPONSE");
    public static final Attribute<SiteResponse> LOCAL_SITE_RESPONSE = site(0x805F, "LOCAL-SITE-ADDRESS-RESPONSE");
    public static final Attribute<SiteResponse> LOCAL_RELAY_SITE_RESPONSE =
            relaySite(0x8060, "LOCAL-RELAY-SITE-ADDRESS-RESPONSE");
    public static final Attribute<ByteBuffer> SIP_DIALOG_ID = opaque(0x8061, "SIP-DIALOG-ID", 0, ANY);
    public static final Attribute<ByteBuffer> SIP_CALL_ID = opaque(0x8062, "SIP-CALL-ID", 0, ANY);
    public static final Attribute<LocationProfile> LOCATION_PROFILE = value(
            0x8068,
            "LOCATION-PROFILE",
            LocationProfile.LENGTH,
            LocationProfile.LENGTH,
            LocationProfile::read,
            LocationProfile::bytes);

    private static final RowsByType ROWS = RowsByType.ofConstants(MsTurnAttributes.class);

    private MsTurnAttributes() {}

    private static Attribute<SiteResponse> site(int type, String name) {
        return value(type, name, SiteResponse.LENGTH, SiteResponse.LENGTH, SiteResponse::read, SiteResponse::bytes);
    }

    private static Attribute<SiteResponse> relaySite(int type, String name) {
        return value(
                type,
                name,
                SiteResponse.LENGTH,
                SiteResponse.LENGTH,
                SiteResponse::readOfRelay,
                SiteResponse::bytesOfRelay);
    }

    /** All rows, by code point. */
    public static List<Attribute<?>> all() {
        return ROWS.all();
    }

    /** The row of a code point, empty when this dialect has none. */
    public static Optional<Attribute<?>> byType(int type) {
        return ROWS.find(type);
    }
}
