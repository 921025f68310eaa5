// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import java.util.Base64;
import java.util.Locale;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IpAddress;
import org.icepath.sdp.SdpParseException;

/**
 * A candidate line of draft-ietf-mmusic-ice-06 as MS-ICE clients write it: each candidate has a user name and a password of its own
 * (seen).
 *
 * <pre>
 * candidate:&lt;user name, base64&gt; 1 &lt;password, base64&gt; UDP 0.830 192.0.2.10 50004
 * </pre>
 *
 * @param username as it stands in the line, base64 of 32 bytes; padding with {@code =} is left out when written
 * @param component 1 to 256
 * @param password likewise, base64 of 16 bytes; not printed
 * @param transport {@code UDP}, or {@code TCP}, which means both directions
 * @param preference the digits behind {@code 0.}, 0 to 999
 * @param address where packets go
 */
public record Draft06Candidate(
        String username, int component, String password, String transport, int preference, CandidateAddress address) {

    private static final int PARTS = 7;

    /** @throws IllegalArgumentException when a part is out of range or no base64 */
    public Draft06Candidate {
        username = base64(username);
        password = base64(password);
        if (component < 1 || component > 256) {
            throw new IllegalArgumentException("component " + component + " is not in 1 to 256");
        }
        if (!transport.equals("UDP") && !transport.equals("TCP")) {
            throw new IllegalArgumentException("transport " + transport + " is neither UDP nor TCP");
        }
        if (preference < 0 || preference > 999) {
            throw new IllegalArgumentException("preference 0." + preference + " is not in 0.000 to 0.999");
        }
    }

    private static String base64(String text) {
        String bare = text.replaceAll("=+$", "");
        Base64.getDecoder().decode(bare);
        return bare;
    }

    /** The bytes of the user name. */
    public byte[] usernameBytes() {
        return Base64.getDecoder().decode(username);
    }

    /** The bytes of the password: the key of its checks. */
    public byte[] passwordBytes() {
        return Base64.getDecoder().decode(password);
    }

    /** Whether a candidate attribute is of this form: its seventh part is no {@code typ}. */
    public static boolean isDraft06(String attribute) {
        String[] parts = parts(attribute);
        return parts.length == PARTS && parts[4].startsWith("0.") && !parts[6].equalsIgnoreCase("typ");
    }

    /**
     * Reads {@code candidate:...}, with or without {@code a=} before it; a space at its end does not matter.
     *
     * @throws SdpParseException when it is no such line
     */
    public static Draft06Candidate parse(String attribute) {
        String[] parts = parts(attribute);
        if (parts.length != PARTS || !parts[4].startsWith("0.")) {
            throw new SdpParseException(
                    "not user name, component, password, transport, 0.preference, address and port");
        }
        try {
            return new Draft06Candidate(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    parts[2],
                    parts[3].toUpperCase(java.util.Locale.ROOT),
                    thousandths(parts[4].substring(2)),
                    address(parts[5], Integer.parseInt(parts[6])));
        } catch (IllegalArgumentException e) {
            throw new SdpParseException(String.valueOf(e.getMessage()));
        }
    }

    /** It is a decimal fraction, so that 0.5 is 0.500. */
    private static int thousandths(String digits) {
        if (!digits.matches("[0-9]{1,3}")) {
            throw new SdpParseException("preference 0." + digits + " has not 1 to 3 digits");
        }
        return Integer.parseInt((digits + "00").substring(0, 3));
    }

    private static CandidateAddress address(String host, int port) {
        CandidateAddress address = CandidateAddress.of(host, port);
        if (!(address instanceof IpAddress)) {
            throw new SdpParseException("not an IP address: " + host);
        }
        return address;
    }

    private static String[] parts(String attribute) {
        String text = attribute.startsWith("a=") ? attribute.substring(2) : attribute;
        return text.startsWith("candidate:") ? text.substring(10).strip().split("[ \t]+", -1) : new String[0];
    }

    /** {@code candidate:...} without {@code a=}, with the space at its end that those clients write. */
    public String format() {
        return String.format(
                Locale.ROOT, // there are languages with other digits
                "candidate:%s %d %s %s 0.%03d %s %d ",
                username,
                component,
                password,
                transport,
                preference,
                address.host(),
                address.port());
    }

    @Override
    public String toString() {
        return "Draft06Candidate[" + transport + " " + address + " component " + component + " 0." + preference + "]";
    }
}
