// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.HmacRule;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.hmac.HmacAlgorithm;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.NulFilled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How checks of MS-ICE2 are refused that have authenticated, and what may be missing in an answer ([MS-ICE2] §3.1.5.2.2). */
class MsRefusalsTest {

    private static final InetSocketAddress PEER = at("198.51.100.1", 6001);

    // whoever receives them must understand them, and nobody does
    private static final Attribute<Long> STRANGE = Attribute.uint32(0x7654, "STRANGE");
    private static final Attribute<Long> STRANGER = Attribute.uint32(0x7655, "STRANGER");

    private final Bench bench = MsChecksTest.running(IceRole.CONTROLLED);

    /** A check that is refused with this code, and for no other reason. */
    private ByteBuffer checkFor(int code, int version) {
        MsIce2Dialect dialect = MsIce2Dialect.ofVersion(version);
        String username = bench.ours.ufrag() + ":" + bench.theirs.ufrag();
        StunWriter writer = new StunWriter(dialect)
                .wrap(ByteBuffer.allocate(400))
                .request(StunMethod.BINDING, MsChecksTest.id(bench))
                .putBytes(MsIceAttributes.USERNAME, version == 2 ? NulFilled.of(username) : username.getBytes())
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, version)
                .putUint64(
                        code == ErrorCode.ROLE_CONFLICT ? Attributes.ICE_CONTROLLED : Attributes.ICE_CONTROLLING, -1);
        if (code != ErrorCode.BAD_REQUEST) {
            writer.putUint32(Attributes.PRIORITY, 0x6EFFFEFFL);
        }
        if (code == ErrorCode.UNKNOWN_ATTRIBUTE) {
            writer.putUint32(STRANGE, 1).putUint32(STRANGER, 1).putUint32(Attribute.uint32(0x7656, "STRANGEST"), 1);
        }
        // the answer may not be longer than what it answers, and has room for its reason so
        return MsChecksTest.sealed(bench, writer.put(Attributes.SOFTWARE, "a client of 32 characters, whole"));
    }

    private StunMessage refusal(int code, int version) {
        bench.receive(MsChecksTest.base(bench), PEER, checkFor(code, version));
        StunMessage refusal = new StunMessage(MsIce2Dialect.ofVersion(version).alone())
                .wrap(bench.last().payload());
        assertThat(refusal.get(Attributes.ERROR_CODE).map(ErrorCode::code)).contains(code);
        assertThat(new Integrity().verify(refusal, Bench.key(bench.ours)))
                .as("420 and 487 have integrity (seen)")
                .isTrue();
        return refusal;
    }

    // Second reading A5: every error repeats the USERNAME of its request
    @ParameterizedTest
    @CsvSource({"400, 2", "420, 2", "487, 2", "400, 3", "420, 3", "487, 3"})
    void aRefusalOfAnyKindRepeatsTheUsername(int code, int version) {
        StunMessage refusal = refusal(code, version);

        byte[] expected = version == 2 ? NulFilled.of("ours:them") : "ours:them".getBytes();
        assertThat(refusal.get(MsIceAttributes.USERNAME)).contains(ByteBuffer.wrap(expected));
        assertThat(refusal.get(Attributes.ERROR_CODE).orElseThrow().reason()).isNotBlank();
    }

    // microsoft-wire: who skips no padding reads it as who does, when each value fills whole words
    @ParameterizedTest
    @CsvSource({"400", "420", "487"})
    void refusalsOfTheOlderFormFillWholeWords(int code) {
        refusal(code, 2);

        ByteBuffer message = bench.last().payload();
        for (int at = StunMessage.HEADER_LENGTH; at < message.limit(); at += 4 + message.getShort(at + 2)) {
            assertThat(message.getShort(at + 2) % 4).as("attribute at " + at).isZero();
        }
    }

    // RFC 3489 §11.2.10: an odd one is named twice; from version 3 on there is padding
    @ParameterizedTest
    @CsvSource({"2, 4", "3, 3"})
    void unknownAttributesAreNamedInPairsInTheOlderForm(int version, int named) {
        assertThat(refusal(ErrorCode.UNKNOWN_ATTRIBUTE, version)
                        .get(Attributes.UNKNOWN_ATTRIBUTES)
                        .orElseThrow())
                .hasSize(named)
                .startsWith(0x7654, 0x7655, 0x7656)
                .containsOnly(0x7654, 0x7655, 0x7656);
    }

    /** Integrity over filled text, whose length field counts no FINGERPRINT because there is none. */
    private static final StunDialect OLDER_WITHOUT_FINGERPRINT = new StunDialect() {
        @Override
        public HmacRule hmacRule() {
            return new HmacRule(HmacAlgorithm.SHA1, 64, false);
        }
    };

    private ByteBuffer answerTo(Bench.Sent check, StunDialect dialect, int version, boolean forged) {
        return new StunWriter(dialect)
                .wrap(ByteBuffer.allocate(400))
                .respond(StunClass.SUCCESS, check.message())
                .put(Attributes.XOR_MAPPED_ADDRESS, check.base().address())
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, version)
                .integrity(Bench.key(forged ? bench.ours : bench.theirs))
                .finish();
    }

    // digest §3: a client of 2016 leaves FINGERPRINT out of answers; which version it says was not seen
    @ParameterizedTest
    @CsvSource({"2", "3"})
    void anAnswerWithoutFingerprintIsTakenByItsIntegrity(int version) {
        Bench.Sent check = bench.lastRequest();
        StunDialect dialect = version == 2 ? OLDER_WITHOUT_FINGERPRINT : MsIce2Dialect.VERSION_3;

        bench.receive(check.base(), check.to(), answerTo(check, dialect, version, true));
        assertThat(bench.agent.state()).as("control: its integrity counts").isEqualTo(IceState.CHECKING);
        bench.receive(check.base(), check.to(), answerTo(check, dialect, version, false));

        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);
    }
}
