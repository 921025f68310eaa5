// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.Locale;
import java.util.OptionalLong;
import org.icepath.candidate.Candidate;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.CheckLoss;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;

/**
 * A pair as it stands, for reports.
 *
 * @param generation the number of the generation that it belongs to, as {@link ActivePair#generation}
 * @param stream the stream's index
 * @param component the component
 * @param pair the candidates; of a valid pair, the local one is what the peer sees
 * @param base where its checks leave
 * @param state its state in the check list
 * @param valid whether data may be sent on it
 * @param nominated whether it was nominated with success
 * @param suspect whether answers on it are late
 * @param inUse whether it carries our data, or would if its generation were in force
 * @param checksSent checks that were begun, consent checks included, retransmissions not
 * @param checksAnswered checks that were answered with success
 * @param rttNanos round-trip time of the last check that needed no retransmission, -1 when unknown
 * @param loss what was lost of the checks that were answered
 * @param lastAnsweredAt when the peer last answered a check, or {@link org.icepath.ice.PairView#NOT_YET}
 * @param traffic what has passed on it
 * @param times when
 * @param consentLostAt when consent on it ended (RFC 7675 §5.1), or {@link org.icepath.ice.PairView#NOT_YET}
 * @param lastError what went wrong last, in words; empty when nothing did
 */
public record PairSnapshot(
        int generation,
        int stream,
        int component,
        CandidatePair pair,
        Base base,
        PairState state,
        boolean valid,
        boolean nominated,
        boolean suspect,
        boolean inUse,
        int checksSent,
        int checksAnswered,
        long rttNanos,
        CheckLoss loss,
        long lastAnsweredAt,
        TrafficCounts traffic,
        TrafficTimes times,
        long consentLostAt,
        String lastError) {

    static PairSnapshot of(CheckPair pair) {
        return new PairSnapshot(
                0,
                pair.component().stream(),
                pair.component().id(),
                pair.pair(),
                pair.base(),
                pair.state(),
                pair.mayCarryData(),
                pair.nominated(),
                pair.health().suspect(),
                pair.component().current() == pair,
                (int) pair.traffic().checksBegun(),
                pair.answered(),
                pair.rttNanos(),
                pair.health().loss(),
                pair.lastAnsweredAt(),
                pair.traffic().counts(),
                pair.traffic().times(),
                pair.consentLostAt(),
                pair.lastError());
    }

    /**
     * The same pair among those of all generations.
     *
     * @param number the number of its generation
     * @param carries whether that one carries the component's data
     */
    public PairSnapshot of(int number, boolean carries) {
        return new PairSnapshot(
                number,
                stream,
                component,
                pair,
                base,
                state,
                valid,
                nominated,
                suspect,
                inUse && carries,
                checksSent,
                checksAnswered,
                rttNanos,
                loss,
                lastAnsweredAt,
                traffic,
                times,
                consentLostAt,
                lastError);
    }

    /** The round-trip time, if it is known. */
    public OptionalLong roundTripNanos() {
        return rttNanos < 0 ? OptionalLong.empty() : OptionalLong.of(rttNanos);
    }

    /** The candidates in short: {@code host 192.168.1.5:5000 udp -> srflx 198.51.100.1:6000}. */
    public String what() {
        return "%s %s -> %s"
                .formatted(
                        name(pair.local()),
                        pair.local().transport().protocol().toLowerCase(Locale.ROOT),
                        name(pair.remote()));
    }

    private static String name(Candidate candidate) {
        return candidate.type().token() + " " + candidate.address();
    }

    /** What was sent and what became of it: {@code sent 1 check, no answer to 7 requests}. */
    public String outcome() {
        String counts = "%s, %d answered%s".formatted(sent(), checksAnswered, heard());
        return switch (state) {
            case FROZEN -> "not checked: another pair of its foundation goes first";
            case WAITING -> checksSent == 0 ? "not checked yet" : counts + ", to be checked again";
            case IN_PROGRESS -> counts + ", still waiting" + (lastError.isEmpty() ? "" : " (" + lastError + ")");
            case SUCCEEDED ->
                counts + roundTrip() + losses() + (nominated ? ", nominated" : "") + (inUse ? ", in use" : "");
            case FAILED ->
                checksAnswered == 0 ? "%s, %s%s".formatted(sent(), lastError, heard()) : counts + ", then " + lastError;
        };
    }

    private String sent() {
        return "sent %d %s".formatted(checksSent, checksSent == 1 ? "check" : "checks");
    }

    private String heard() {
        // of a pair that has failed by its only refusal, the error says it
        boolean told = traffic.refusals() == 0 || state == PairState.FAILED && traffic.refusals() == 1;
        String refused = told ? "" : ", %d refused".formatted(traffic.refusals());
        boolean oneWay = checksAnswered == 0 && traffic.requestsReceived() > 0;
        return oneWay ? refused + ", the peer's own %d came".formatted(traffic.requestsReceived()) : refused;
    }

    private String roundTrip() {
        return rttNanos < 0 ? "" : String.format(Locale.ROOT, ", round trip %.1f ms", rttNanos / 1e6);
    }

    private String losses() {
        return loss.equals(CheckLoss.NONE)
                ? ""
                : ", %d requests and %d answers lost".formatted(loss.requestsLost(), loss.answersLost());
    }

    /** Both in one line. */
    public String line() {
        return what() + ": " + outcome();
    }
}
