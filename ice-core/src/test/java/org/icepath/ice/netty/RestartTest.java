// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.icepath.Icepath;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceException;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.PendingOffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ICE restarts by the verbs of the façade, on real sockets. */
class RestartTest {

    private final IceRuntime runtime = Icepath.start();

    @AfterEach
    void closeRuntime() {
        runtime.close();
    }

    private static IceCredentials credentials(IceDescription description) {
        return description.streams().get(0).credentials().orElseThrow();
    }

    // RFC 8445 §9, RFC 8839 §4.4.1.1.1
    @Test
    void aRestartMovesBothSidesToAnotherGeneration() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            CompletableFuture<Void> alices = Call.movedByRestart(call.toBob());
            CompletableFuture<Void> bobs = Call.movedByRestart(call.toAlice());

            call.toBob().restart();
            IceDescription offer = carried(await(call.toBob().offer()));
            await(call.toBob().accept(carried(await(call.toAlice().answer(offer)))));

            await(alices);
            await(bobs);
            assertThat(call.toBob().generation().number()).isOne();
            assertThat(call.toAlice().generation().remoteUfrag())
                    .isEqualTo(credentials(offer).ufrag());
            assertThat(call.toBob().pendingOffer()).isEmpty();
        }
    }

    // RFC 8445 §9: what has failed may be restarted, and is waited for as before
    @Test
    void aPathThatHadFailedBecomesReadyAndSelectedByARestart() throws Exception {
        try (IceSession alice = runtime.open(audio(1).patience(Duration.ofSeconds(1)));
                IceSession bob = runtime.open(audio(1))) {
            NettyIcePath path = Call.pathToNobody(runtime, alice);
            NettyIcePeer peer = path.peer();
            CompletableFuture<Void> failed = path.ready();
            assertThatThrownBy(() -> await(failed)).hasCauseInstanceOf(IceException.class);
            assertThatThrownBy(() -> await(path.selected())).hasCauseInstanceOf(IceException.class);

            peer.restart();
            IceAnswer answer = await(bob.answer(carried(await(peer.offer()))));
            await(peer.accept(carried(answer.description())));

            Eventually.holds(() ->
                    !path.ready().isCompletedExceptionally() && !path.selected().isCompletedExceptionally());
            await(path.ready());
            await(path.selected());
            assertThat(failed).as("what was said stays said").isCompletedExceptionally();
        }
    }

    // RFC 3261 §14.1: a re-INVITE that is refused with 488 or 491 changes nothing
    @Test
    void aRefusedRestartStaysPendingAndItsCredentialsAreNotUsedAgain() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            call.toBob().restart();
            IceDescription refused = await(call.toBob().offer());

            call.toBob().rollback();
            IceDescription again = await(call.toBob().offer());

            assertThat(credentials(again)).isNotEqualTo(credentials(refused));
            call.toBob().rollback();
            Eventually.holds(() -> call.toBob()
                    .pendingOffer()
                    .filter(due -> due.reason() == PendingOffer.Reason.RESTART && !due.required())
                    .isPresent());
            assertThat(call.toBob().generation().number()).isZero();
        }
    }

    // RFC 3261 §14.2: while our offer is open, the peer's is refused (491)
    @Test
    void anOfferThatCrossesOursIsRefusedUntilARollback() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            IceDescription alices = carried(await(call.toBob().offer()));
            IceDescription bobs = carried(await(call.toAlice().offer()));

            assertThatThrownBy(() -> await(call.toBob().answer(bobs)))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            call.toAlice().rollback();
            await(call.toBob().accept(carried(await(call.toAlice().answer(alices)))));

            assertThat(call.toBob().generation().number())
                    .as("the same credentials: no restart")
                    .isZero();
        }
    }
}
