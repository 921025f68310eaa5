// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.candidate.IceDescription;
import org.icepath.examples.FailureText;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IcePacket;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceSession;
import org.icepath.ice.IceState;
import org.icepath.ice.PathStatistics;
import org.icepath.ice.SendResult;
import org.icepath.sdp.CandidateLine;
import org.icepath.sdp.SdpParseException;
import org.jspecify.annotations.Nullable;

/** One session driven by lines of JSON. Commands are handled by one thread; events come on the session's event loop. */
final class LinePeer {

    static final String STREAM = "data";
    private static final long MAX_WAIT_SECONDS = 30;

    private final IceSession session;
    private final PeerSettings settings;
    private final JsonLines out;
    private final Stopwatch stopwatch = new Stopwatch();
    private final EventLines events;
    private final LocalLines local;
    private final NumberedFlow flow;
    private volatile @Nullable IcePeer peer;
    private @Nullable CompletableFuture<Void> told;
    private boolean offered;

    LinePeer(IceSession session, PeerSettings settings, JsonLines out) {
        this.session = session;
        this.settings = settings;
        this.out = out;
        this.events =
                new EventLines(out, stopwatch, () -> Optional.ofNullable(peer).map(IcePeer::role));
        this.local = new LocalLines(out, settings.trickle());
        this.flow = new NumberedFlow(out);
        session.onEvent(this::on);
    }

    /** Gathers and prints {@code local}. */
    void describe() throws InterruptedException, ExecutionException, TimeoutException {
        local.description(await(session.offer()));
    }

    /**
     * Handles one line.
     *
     * @return whether to go on; false after {@code close}
     */
    boolean handle(String line) throws InterruptedException {
        try {
            JsonNode command = JsonLines.read(line);
            String name = command.path("cmd").asText();
            if (name.equals("close")) {
                return false;
            }
            handle(name, command);
        } catch (IllegalArgumentException | IllegalStateException | TimeoutException e) {
            out.error(String.valueOf(e.getMessage()));
        } catch (ExecutionException e) {
            out.error(FailureText.of(e));
        } catch (IceException | SdpParseException e) {
            out.error(String.valueOf(e.getMessage()));
        }
        return true;
    }

    /** Ends the session; prints the report first, if asked for and not printed yet. */
    void close() throws InterruptedException {
        if (settings.report()) {
            try {
                tell();
                told().get(1, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                out.error("no report: " + e);
            }
        }
        session.close();
    }

    private void handle(String name, JsonNode command)
            throws InterruptedException, ExecutionException, TimeoutException {
        switch (name) {
            case "remote" -> remote(command);
            case "candidate" -> {
                IcePeer known = peer();
                known.addCandidate(
                        known.generation(),
                        STREAM,
                        CandidateLine.parse(command.path("candidate").asText(), settings.sdp()));
            }
            case "end-of-candidates" -> peer().endOfCandidates(peer().generation());
            case "send" -> send(command);
            case "restart" -> restart();
            case "flow" ->
                flow.send(
                        peer().path(STREAM, command.path("component").asInt(1)),
                        positive(command, "packets"),
                        positive(command, "rate"));
            case "count" -> flow.tell();
            case "stats" -> stats();
            default -> out.error("unknown command " + name);
        }
    }

    private void remote(JsonNode command) throws InterruptedException, ExecutionException, TimeoutException {
        RemoteLine remote = RemoteLine.read(command, settings.renomination(), settings.sdp());
        remote.problems().forEach(out::error);
        if (peer != null) {
            exchange(remote);
            return;
        }
        stopwatch.start();
        peer = accept(remote);
        for (int component = 1; component <= settings.components(); component++) {
            IcePath path = peer().path(STREAM, component);
            path.onReceive(packet -> received(path, packet));
        }
    }

    /** Offers an ICE restart; the next {@code remote} is the answer to it. */
    private void restart() throws InterruptedException, ExecutionException, TimeoutException {
        peer().restart();
        IceDescription offer = await(peer().offer());
        offered = true;
        local.description(offer);
    }

    /** A further exchange: the answer to an offer of ours, or an offer, which is answered. */
    private void exchange(RemoteLine remote) throws InterruptedException, ExecutionException, TimeoutException {
        if (offered) {
            offered = false;
            await(peer().accept(remote.description()));
        } else {
            local.description(await(peer().answer(remote.description())));
        }
    }

    private static int positive(JsonNode command, String name) {
        int number = command.path(name).asInt();
        if (number < 1) {
            throw new IllegalArgumentException(name + " " + number + ", expected 1 or more");
        }
        return number;
    }

    private IcePeer accept(RemoteLine remote) throws InterruptedException, ExecutionException, TimeoutException {
        // the command line fixes the role; without it, who is told to be controlled answers
        boolean answers = settings.role().isEmpty()
                && remote.role().filter(role -> role == IceRole.CONTROLLED).isPresent();
        if (!answers) {
            return session.accept(remote.description());
        }
        IceAnswer answer = await(session.answer(remote.description()));
        return answer.peer();
    }

    private void received(IcePath path, IcePacket packet) {
        if (flow.count(packet.payload())) {
            return;
        }
        if (settings.echo()) {
            path.send(packet.payload());
        }
        byte[] bytes = new byte[packet.payload().remaining()];
        packet.payload().duplicate().get(bytes);
        out.emit(JsonLines.event("data")
                .put("component", path.component())
                .put("data", Base64.getEncoder().encodeToString(bytes)));
    }

    private void send(JsonNode command) {
        byte[] bytes = Base64.getDecoder().decode(command.path("data").asText());
        int component = command.path("component").asInt(1);
        SendResult result = peer().path(STREAM, component).send(ByteBuffer.wrap(bytes));
        if (result != SendResult.SENT) {
            out.error("not sent: " + result);
        }
    }

    private void stats() {
        ObjectNode event = JsonLines.event("stats").put("t_ms", stopwatch.milliseconds());
        ArrayNode components = event.putArray("components");
        for (int component = 1; peer != null && component <= settings.components(); component++) {
            PathStatistics statistics = peer().path(STREAM, component).statistics();
            ObjectNode entry = components
                    .addObject()
                    .put("component", component)
                    .put("packetsSent", statistics.packetsSent())
                    .put("bytesSent", statistics.bytesSent())
                    .put("packetsReceived", statistics.packetsReceived())
                    .put("bytesReceived", statistics.bytesReceived())
                    .put("packetsDiscardedOnSend", statistics.packetsDiscardedOnSend())
                    .put("requestsSent", statistics.requestsSent())
                    .put("requestsReceived", statistics.requestsReceived())
                    .put("responsesSent", statistics.responsesSent())
                    .put("responsesReceived", statistics.responsesReceived())
                    .put("consentRequestsSent", statistics.consentRequestsSent())
                    .put("relayed", statistics.relayed());
            statistics.consentAge().ifPresent(age -> entry.put("consentAge", age.toNanos() / 1e9));
            statistics.currentRoundTripTime().ifPresent(rtt -> entry.put("rtt", rtt.toNanos() / 1e9));
            statistics
                    .lastPacketSentTimestamp()
                    .ifPresent(at -> entry.put("lastPacketSentTimestamp", at.toEpochMilli()));
            statistics
                    .lastPacketReceivedTimestamp()
                    .ifPresent(at -> entry.put("lastPacketReceivedTimestamp", at.toEpochMilli()));
        }
        out.emit(event);
    }

    private void on(IceEvent event) {
        local.on(event);
        events.on(event);
        if (settings.report() && event instanceof IceEvent.StateChanged changed && changed.to() == IceState.FAILED) {
            tell();
        }
    }

    /** Has the report printed, once. */
    private synchronized void tell() {
        if (told == null) {
            told = session.report().thenAccept(report -> out.emit(ReportLine.of(report)));
        }
    }

    private synchronized Future<Void> told() {
        return Objects.requireNonNull(told);
    }

    private IcePeer peer() {
        IcePeer known = peer;
        if (known == null) {
            throw new IllegalStateException("no remote yet");
        }
        return known;
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
