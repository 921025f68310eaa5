// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceEvent;
import org.icepath.ice.engine.EngineEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names that peers give as candidate addresses. */
class RemoteNamesTest {

    private final NettyIceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<String> ignored = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    // A session that lives for hours meets many names; those that stand for nothing must not stand in the way of others
    @Test
    void namesThatFailedLeaveRoomForOthersAndAreAskedForAgain() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            IceDescription described = await(call.bob().offer());
            Candidate real = described.streams().get(0).candidates().get(0);
            SessionShell shell = ((NettyIceSession) call.alice()).shell();
            NettyIcePeer bob = (NettyIcePeer) call.toBob();
            RemoteNames names = new RemoteNames(shell, runtime.names(), runtime.multicastDns());
            call.toBob().onEvent(event -> {
                if (event instanceof IceEvent.Ignored candidate
                        && candidate.reason().contains("two.labels")) {
                    ignored.add(candidate.reason());
                }
            });

            for (int i = 0; i < 40; i++) {
                // of two labels, which no link is asked for (RFC 6762 §3)
                Candidate named = real.withAddress(CandidateAddress.of("two.labels" + i % 39 + ".local", 5000));
                shell.perform(
                        now -> names.resolve(new EngineEvent.ResolveName(bob.number(), bob.generation(), 0, named)));

                assertThat(ignored.poll(30, SECONDS)).contains("no name of one label");
            }
        }
    }
}
