// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.sdp.ParsedSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.ms.MsSdpDialect;

/**
 * Descriptions that readers of both kinds read: the standard's lines, with {@code ice2}, credentials of the lengths and in the places that the
 * vendor's clients have.
 * IPv6 candidates stand in {@code a=candidate}, which readers of the vendor's take as well ([MS-SDPEXT] §3.1.5.21.1, specified).
 */
final class AutoSdpDialect implements SdpDialect {

    static final AutoSdpDialect INSTANCE = new AutoSdpDialect();

    private AutoSdpDialect() {}

    @Override
    public boolean isCandidateAttribute(String attribute) {
        return MsSdpDialect.INSTANCE.isCandidateAttribute(attribute);
    }

    @Override
    public Optional<String> mark(String attribute, String value) {
        return MsSdpDialect.INSTANCE.mark(attribute, value);
    }

    @Override
    public ParsedSdp read(String contentType, String body) {
        return MsSdpDialect.read(contentType, body, this);
    }

    @Override
    public Optional<TransportType> transport(String token, TcpType tcpType) {
        return MsSdpDialect.INSTANCE.transport(token, tcpType);
    }

    @Override
    public boolean mayOffer(Candidate candidate, List<Candidate> known) {
        return MsSdpDialect.isBearable(candidate, known);
    }

    @Override
    public boolean credentialsInEachSection() {
        return true;
    }

    @Override
    public boolean rtcpIsPortAlone() {
        return true;
    }

    @Override
    public IceCredentials credentials(RandomGenerator random) {
        return MsSdpDialect.INSTANCE.credentials(random);
    }

    @Override
    public String toString() {
        return "RFC 8839 for readers of both kinds";
    }
}
