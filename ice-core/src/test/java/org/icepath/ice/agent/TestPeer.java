// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.StunMessage;

/** An agent with the early checks in front of it, and data that goes over whatever path it has. */
final class TestPeer implements Machine<AgentEvent> {

    final IceAgent agent;
    final EarlyChecks early;
    final List<EarlyCheck> earlyNews = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();
    private final List<byte[]> toSend = new ArrayList<>();
    int dataStream;
    int dataComponent = 1;
    int sentWithoutPath;

    TestPeer(IceAgent agent, EarlyChecks early) {
        this.agent = agent;
        this.early = early;
    }

    /** Takes the peer's description and what it has sent before. */
    void setRemote(long now, IceDescription remote) {
        agent.setRemote(now, remote);
        remote.streams().stream()
                .flatMap(stream -> stream.credentials().stream())
                .distinct()
                .flatMap(credentials -> early.take(credentials.ufrag()).stream())
                .forEach(check -> agent.replay(now, check));
    }

    void send(byte[] data) {
        toSend.add(data);
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (agent.handle(now, base, from, payload) || early.handle(now, base, from, payload)) {
            return true;
        }
        // first byte 0 to 3 with the magic cookie is never data: late answers, doubled ones
        if (StunMessage.isStun(payload) || agent.dataArrived(now, base, from, 1) == IceAgent.NOBODY) {
            return false;
        }
        byte[] data = new byte[payload.remaining()];
        payload.get(payload.position(), data);
        received.add(data);
        return true;
    }

    @Override
    public void handleTimeout(long now) {
        agent.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        return agent.nextTimeout();
    }

    @Override
    public void drainTo(Output<? super AgentEvent> out) {
        agent.drainTo(out);
        early.drainTo(new Output<EarlyCheck>() {
            @Override
            public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
                out.transmit(base, to, payload);
            }

            @Override
            public void event(EarlyCheck event) {
                earlyNews.add(event);
            }
        });
        for (byte[] data : toSend) {
            agent.current(dataStream, dataComponent)
                    .ifPresentOrElse(
                            pair -> out.transmit(pair.base(), pair.remote(), ByteBuffer.wrap(data)),
                            () -> sentWithoutPath++);
        }
        toSend.clear();
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        agent.sendFailed(now, base, to, cause);
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        agent.baseLost(now, base, cause);
    }
}
