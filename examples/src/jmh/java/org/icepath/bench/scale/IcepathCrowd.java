// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.netty.RuntimeConfig;

/** Ours, paced as servers are. */
final class IcepathCrowd implements Crowd {

    private static final int TIMEOUT_SECONDS = 60;

    private final IceConfig config;
    private final IceRuntime runtime = Icepath.start(RuntimeConfig.create().perAgentPacing());
    private final List<Pair> pairs = new ArrayList<>();

    private record Pair(IceSession caller, IceSession called, IceDescription offer) {}

    IcepathCrowd(InetAddress address) {
        config = IceConfig.create().stream("audio", Candidate.RTP).localAddress(address);
    }

    @Override
    public void open(int more) throws Exception {
        for (int i = 0; i < more; i++) {
            IceSession caller = runtime.open(config);
            IceSession called = runtime.open(config);
            CompletableFuture<IceDescription> gathered = called.offer();
            pairs.add(new Pair(caller, called, caller.offer().get(TIMEOUT_SECONDS, TimeUnit.SECONDS)));
            gathered.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void connect() throws Exception {
        List<CompletableFuture<?>> selected = new ArrayList<>();
        for (Pair pair : pairs) {
            selected.add(pair.called
                    .answer(pair.offer)
                    .thenCompose(answer -> CompletableFuture.allOf(
                            selected(answer.peer()), selected(pair.caller.accept(answer.description())))));
        }
        CompletableFuture.allOf(selected.toArray(CompletableFuture[]::new)).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> selected(IcePeer peer) {
        return peer.path("audio", Candidate.RTP).selected();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
