// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A media relay authentication service: answers the bodies of requests with tokens that an Edge of the same keys takes ([MS-AVEDGEA]). */
public final class MsRelayService {

    private static final Pattern REQUEST =
            Pattern.compile("requestID=\"([^\"]*)\".*xmlns=\"([^\"]*)\".*<identity>([^<]*)</identity>", Pattern.DOTALL);

    private final MsRelayKeys keys;
    private final Duration duration;
    private final InstantSource clock;
    private final InetSocketAddress udp;
    private final int tcpPort;
    private int requests;

    /**
     * A service of one relay.
     *
     * @param duration how long its credentials are good for, whole minutes
     * @param udp where the relay is
     * @param tcpPort where it is over TCP, at the same address
     */
    public MsRelayService(
            MsRelayKeys keys, Duration duration, InstantSource clock, InetSocketAddress udp, int tcpPort) {
        this.keys = keys;
        this.duration = duration;
        this.clock = clock;
        this.udp = udp;
        this.tcpPort = tcpPort;
    }

    /** How many requests it has answered. */
    public int requests() {
        return requests;
    }

    /** The answer to a body. */
    public String answer(String body) {
        Matcher request = REQUEST.matcher(body);
        if (!request.find()) {
            return "<response reasonPhrase=\"Request Malformed\"/>";
        }
        requests++;
        byte[] username = keys.username(request.group(3), clock.instant().plus(duration), 1 + requests % 2);
        return """
                <response requestID="%s" version="1.0" serverVersion="2.0" reasonPhrase="OK" xmlns="%s">
                 <credentialsResponse credentialsRequestID="%1$s">
                  <credentials><username>%s</username><password>%s</password><duration>%d</duration></credentials>
                  <mediaRelayList>
                   <mediaRelay><location>internet</location><hostName>%s</hostName><udpPort>%d</udpPort><tcpPort>%d</tcpPort></mediaRelay>
                   <mediaRelay><location>intranet</location><hostName>edge.internal.example</hostName></mediaRelay>
                  </mediaRelayList>
                 </credentialsResponse>
                </response>""".formatted(
                        request.group(1),
                        request.group(2),
                        base64(username),
                        base64(keys.password(username)),
                        duration.toMinutes(),
                        udp.getAddress().getHostAddress(),
                        udp.getPort(),
                        tcpPort);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
