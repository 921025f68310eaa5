// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import java.net.InetAddress;
import java.util.List;

/**
 * What counts of one multicast DNS message. Names are in lower case and without the dot at their end.
 *
 * @param response whether it answers rather than asks
 * @param questions of the class Internet
 * @param addresses A and AAAA records of the class Internet, from wherever in the message
 */
record MdnsMessage(boolean response, List<Question> questions, List<Address> addresses) {

    /** A (1), AAAA (28), any (255) or another type of record is asked for. */
    record Question(String name, int type) {}

    /** A name has this address. */
    record Address(String name, InetAddress ip) {}

    MdnsMessage {
        questions = List.copyOf(questions);
        addresses = List.copyOf(addresses);
    }
}
