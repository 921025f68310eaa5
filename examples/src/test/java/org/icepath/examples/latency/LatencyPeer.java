// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.sdp.IceSdp;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * One side of the calls that are measured, driven by lines: {@code offer TA ADDRESSES}, {@code answer TA ADDRESSES OFFER},
 * {@code accept ANSWER}, {@code close}. Each is answered by a line, descriptions are SDP in base 64; {@code answer} is followed, and
 * {@code accept} answered, by {@code result} and three times. So nothing but the call itself runs while it is measured.
 */
public final class LatencyPeer {

    private static final String STREAM = "audio";
    private static final int PACKET_BYTES = 160;
    private static final int WAIT_SECONDS = 20;

    private final IceRuntime runtime;
    private @Nullable IceSession session;

    private LatencyPeer(IceRuntime runtime) {
        this.runtime = runtime;
    }

    /** When things happened in one call. */
    private record Call(long described, CompletableFuture<Long> received, CompletableFuture<Long> selected) {

        String result() throws ExecutionException, TimeoutException, InterruptedException {
            CompletableFuture.allOf(received, selected).get(WAIT_SECONDS, SECONDS); // one awakening for both
            return "result " + described + " " + received.join() + " " + selected.join();
        }
    }

    /** Serves until its input ends. */
    public static void main(String[] arguments) throws IOException {
        try (IceRuntime runtime = Icepath.start();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            LatencyPeer peer = new LatencyPeer(runtime);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(peer.answerTo(line.split(" ", -1)));
            }
        }
    }

    private String answerTo(String[] words) {
        try {
            return switch (words[0]) {
                case "offer" -> offer(open(words[1], words[2]));
                case "answer" -> answer(open(words[1], words[2]), description(words[3]));
                case "accept" -> accept(description(words[1]));
                case "close" -> close();
                case "gather" -> gather(TurnServer.parse(words[1]).credentials(words[2], words[3]));
                default -> "error unknown " + words[0];
            };
        } catch (IOException | ExecutionException | TimeoutException e) {
            return "error " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "error " + e;
        }
    }

    private IceSession open(String taMillis, String addresses) throws UnknownHostException {
        IceConfig config =
                IceConfig.create().stream(STREAM, Candidate.RTP).ta(Duration.ofMillis(Long.parseLong(taMillis)));
        for (String address : addresses.split(",", -1)) {
            config = config.localAddress(InetAddress.getByName(address));
        }
        IceSession opened = runtime.open(config);
        session = opened;
        return opened;
    }

    /** How long a relayed candidate takes, in nanoseconds. */
    private String gather(TurnServer server) throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<Long> relayed = new CompletableFuture<>();
        try (IceSession gathering =
                runtime.open(IceConfig.create().stream(STREAM, Candidate.RTP).turnServer(server))) {
            gathering.onEvent(event -> {
                if (event instanceof IceEvent.CandidateGathered found
                        && found.candidate().type() == CandidateType.RELAYED) {
                    relayed.complete(System.nanoTime());
                }
            });
            long begun = System.nanoTime();
            gathering.offer().get(WAIT_SECONDS, SECONDS);
            return "gathered " + (relayed.get(WAIT_SECONDS, SECONDS) - begun);
        }
    }

    private static IceDescription description(String base64) {
        return IceSdp.parse(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8))
                .description();
    }

    private static String text(IceDescription description) {
        return "description "
                + Base64.getEncoder().encodeToString(IceSdp.format(description).getBytes(StandardCharsets.UTF_8));
    }

    private static String offer(IceSession opened) throws ExecutionException, TimeoutException, InterruptedException {
        return text(opened.offer().get(WAIT_SECONDS, SECONDS));
    }

    private String answer(IceSession opened, IceDescription offer)
            throws ExecutionException, TimeoutException, InterruptedException {
        long described = System.nanoTime();
        IceAnswer answer = opened.answer(offer).get(WAIT_SECONDS, SECONDS);
        Call call = watch(described, answer.peer());
        System.out.println(text(answer.description()));
        return call.result();
    }

    private String accept(IceDescription answer) throws ExecutionException, TimeoutException, InterruptedException {
        IceSession opened = session;
        if (opened == null) {
            return "error nothing was offered";
        }
        long described = System.nanoTime();
        return watch(described, opened.accept(answer)).result();
    }

    /** As soon as packets may leave, one does. */
    private static Call watch(long described, IcePeer peer) {
        IcePath path = peer.path(STREAM, Candidate.RTP);
        CompletableFuture<Long> received = new CompletableFuture<>();
        path.onReceive(packet -> received.complete(System.nanoTime()));
        CompletableFuture<Void> sent = path.ready()
                .thenRun(() -> path.send(ByteBuffer.allocate(PACKET_BYTES).put(0, (byte) 0x80)));
        return new Call(
                described,
                received.thenCombine(sent, (at, nothing) -> at),
                path.selected().thenApply(nothing -> System.nanoTime()));
    }

    private String close() {
        IceSession opened = session;
        if (opened != null) {
            opened.close();
        }
        session = null;
        return "closed";
    }
}
