// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CheckForm;
import org.icepath.ice.Envelope;
import org.icepath.ice.OutgoingCheck;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.ms.CompanionMessage;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.NulFilled;

/**
 * A connectivity check of MS-ICE2 ([MS-ICE2] §2.2.2).
 *
 * <p>Values are filled to whole words in the older form, because its readers skip no padding, and who skips some reads the same (seen).
 */
final class MsCheckForm implements CheckForm {

    /** 401 Unauthorized, 431 Integrity Check Failure ([MS-ICE2] §3.1.5.2.2, specified). */
    private static final int UNAUTHORIZED = 401;

    private static final int INTEGRITY_CHECK_FAILURE = 431;

    private static final int WORD = 4;

    /** Before version 3: integrity over filled text (seen). */
    static final MsCheckForm VERSION_2 = new MsCheckForm(2, true, "MS-ICE2");

    /** From version 3 on: integrity of RFC 5389 (specified; seen). */
    static final MsCheckForm VERSION_3 = new MsCheckForm(MsIce2Dialect.RFC_VERSION, true, "MS-ICE2 version 3");

    /** As before version 3, and without any mark: stacks older than the attributes (inferred). Only read. */
    static final MsCheckForm UNMARKED = new MsCheckForm(2, false, "MS-ICE2 without marks");

    private final int version;
    private final boolean marked;
    private final String name;
    private final StunDialect stun;
    private final StunDialect answers;

    private MsCheckForm(int version, boolean marked, String name) {
        MsIce2Dialect dialect = MsIce2Dialect.ofVersion(version);
        this.version = version;
        this.marked = marked;
        this.name = name;
        this.stun = dialect.alone();
        this.answers = dialect;
    }

    private boolean fills() {
        return version < MsIce2Dialect.RFC_VERSION;
    }

    @Override
    public StunDialect stun() {
        return stun;
    }

    /** Under either rule: the peer may be newer than our request took it for. */
    @Override
    public StunDialect answers() {
        return answers;
    }

    @Override
    public String username(String readerUfrag, String writerUfrag) {
        String username = readerUfrag + ":" + writerUfrag;
        return fills() ? new String(NulFilled.of(username), StandardCharsets.UTF_8) : username;
    }

    @Override
    public Optional<String> writerUfrag(String username, String readerUfrag) {
        return CheckForm.super.writerUfrag(withoutNuls(username), readerUfrag);
    }

    private static String withoutNuls(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Filled with NUL or not, whichever form the rest has (seen: both). */
    @Override
    public boolean hasUsername(StunMessage request, byte[] username) {
        int end = username.length;
        while (end > 0 && username[end - 1] == 0) {
            end--;
        }
        int filled = end + WORD - 1 & -WORD;
        return request.valueEquals(Attributes.USERNAME, Arrays.copyOf(username, end))
                || request.valueEquals(Attributes.USERNAME, Arrays.copyOf(username, filled));
    }

    /** IMPLEMENTATION-VERSION or CANDIDATE-IDENTIFIER, and the integrity of the version ([MS-ICE2] §2.2.2, specified). */
    @Override
    public boolean wrote(StunMessage request) {
        if (!marked) {
            return true;
        }
        boolean hasMarks = request.has(MsIceAttributes.IMPLEMENTATION_VERSION)
                || request.has(MsIceAttributes.CANDIDATE_IDENTIFIER);
        return hasMarks && (!fills() || version(request) < MsIce2Dialect.RFC_VERSION);
    }

    @Override
    public boolean marksItsMessages() {
        return marked;
    }

    static long version(StunMessage message) {
        return message.uint32(MsIceAttributes.IMPLEMENTATION_VERSION, 0);
    }

    @Override
    public void decorateRequest(StunWriter request, OutgoingCheck check) {
        String identifier = identifier(check);
        request.putBytes(
                MsIceAttributes.CANDIDATE_IDENTIFIER,
                fills() ? NulFilled.of(identifier) : identifier.getBytes(StandardCharsets.UTF_8));
        request.putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, version);
    }

    /**
     * The foundation of the candidate that the check leaves from ([MS-ICE2] §2.2.2, specified); towards a relay that of the
     * server-reflexive candidate, which is where the relay sees it come from (seen in the code of another agent).
     */
    private static String identifier(OutgoingCheck check) {
        Candidate from = check.from();
        boolean crosses = from.type() == CandidateType.HOST && check.to().type() == CandidateType.RELAYED;
        return (crosses ? check.serverReflexive().orElse(from) : from)
                .foundation()
                .value();
    }

    /** A check that comes by the peer's multiplexed relay says for which of its streams answers are (seen). */
    @Override
    public Optional<Envelope> envelope(StunMessage request) {
        return request.has(MsTurnAttributes.MULTIPLEXED_SESSION_ID)
                ? Optional.of(new MultiplexedStream(request.uint64(MsTurnAttributes.MULTIPLEXED_SESSION_ID, 0)))
                : Optional.empty();
    }

    @Override
    public void decorateResponse(StunWriter response, StunMessage request) {
        response.putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, version);
    }

    /** An error repeats the USERNAME of its request ([MS-ICE2] §3.1.5.2.2, specified). */
    @Override
    public void writeError(StunWriter writer, StunMessage request, int code, String reason, int... unknownAttributes) {
        writer.errorResponse(request, code, inWords(reason), inPairs(unknownAttributes));
        request.get(MsIceAttributes.USERNAME)
                .ifPresent(username -> writer.putBytes(MsIceAttributes.USERNAME, username));
    }

    private String inWords(String reason) {
        int missing = -reason.length() & WORD - 1;
        return fills() ? reason + " ".repeat(missing) : reason;
    }

    /** An odd number of types is made even by one that is named twice (RFC 3489 §11.2.10). */
    private int[] inPairs(int[] types) {
        if (!fills() || types.length % 2 == 0) {
            return types;
        }
        int[] even = Arrays.copyOf(types, types.length + 1);
        even[types.length] = types[0];
        return even;
    }

    @Override
    public OptionalInt refusalOfForgery(StunMessage request) {
        return OptionalInt.of(request.has(Attributes.MESSAGE_INTEGRITY) ? INTEGRITY_CHECK_FAILURE : UNAUTHORIZED);
    }

    /** The same message for stacks whose table of the checksum lacks a digit ([MS-ICE2] §3.1.4.8.2, specified; seen). */
    @Override
    public boolean writeCompanion(ByteBuffer message, ByteBuffer into) {
        return fills() && CompanionMessage.write(message, into);
    }

    @Override
    public boolean countsTransmissions() {
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
