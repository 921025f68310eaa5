// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ice4j.ice.Agent;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;

/** The agents of ice4j, as they come. */
final class Ice4jCrowd implements Crowd {

    private static final int TIMEOUT_SECONDS = 60;
    private static final int LOWEST_PORT = 10_000;
    private static final int HIGHEST_PORT = 60_000;

    private final List<Agent> controlling = new ArrayList<>();
    private final List<Agent> controlled = new ArrayList<>();
    private int nextPort = LOWEST_PORT;

    @Override
    public void open(int more) throws IOException {
        for (int i = 0; i < more; i++) {
            controlling.add(agent(true));
            controlled.add(agent(false));
        }
    }

    private Agent agent(boolean controls) throws IOException {
        Agent agent = new Agent();
        agent.setControlling(controls);
        IceMediaStream stream = agent.createMediaStream("audio");
        agent.createComponent(stream, nextPort, nextPort, HIGHEST_PORT);
        nextPort++;
        return agent;
    }

    @Override
    public void connect() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(2 * controlling.size());
        for (int i = 0; i < controlling.size(); i++) {
            tell(controlling.get(i), controlled.get(i));
            tell(controlled.get(i), controlling.get(i));
            countEnd(controlling.get(i), ended);
            countEnd(controlled.get(i), ended);
        }
        for (int i = 0; i < controlling.size(); i++) {
            controlled.get(i).startConnectivityEstablishment();
            controlling.get(i).startConnectivityEstablishment();
        }
        if (!ended.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(ended.getCount() + " agents have not connected");
        }
    }

    private static void tell(Agent agent, Agent other) {
        IceMediaStream ours = agent.getStream("audio");
        ours.setRemoteUfrag(other.getLocalUfrag());
        ours.setRemotePassword(other.getLocalPassword());
        Component theirs = other.getStream("audio").getComponent(1);
        Component component = ours.getComponent(1);
        for (LocalCandidate candidate : theirs.getLocalCandidates()) {
            component.addRemoteCandidate(new RemoteCandidate(
                    candidate.getTransportAddress(),
                    component,
                    candidate.getType(),
                    candidate.getFoundation(),
                    candidate.getPriority(),
                    null));
        }
    }

    private static void countEnd(Agent agent, CountDownLatch ended) {
        AtomicBoolean counted = new AtomicBoolean();
        agent.addStateChangeListener(change -> {
            boolean over = change.getNewValue() == IceProcessingState.COMPLETED;
            if (over && counted.compareAndSet(false, true)) {
                ended.countDown();
            }
        });
    }

    @Override
    public void close() {
        controlling.forEach(Agent::free);
        controlled.forEach(Agent::free);
    }
}
