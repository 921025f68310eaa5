// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.StunMessage;

/** The tests of RFC 5780 §4, and which follows from which. Not thread-safe. */
final class NatTests {

    private final NatDiscoverySettings settings;
    private final Consumer<NatEvent> events;
    private final Probes probes;
    private final MappingProbe mapping;
    private final FilteringProbe filtering;
    private final HairpinProbe hairpin;
    private final LifetimeProbe lifetime;
    private boolean mappingDone;
    private boolean hairpinDone;
    private boolean lifetimeDone;
    private boolean finished;

    NatTests(NatDiscoverySettings settings, RandomGenerator random, Consumer<NatEvent> events) {
        this.settings = settings;
        this.events = events;
        this.probes = new Probes(random);
        this.mapping = new MappingProbe(probes, settings, new Begun());
        this.filtering = new FilteringProbe(probes, settings, this::filteringDone);
        this.hairpin = new HairpinProbe(probes, this::hairpinDone);
        this.lifetime = new LifetimeProbe(probes, settings, this::lifetimeDone);
    }

    void start(long now) {
        mapping.start(now);
    }

    /** Filtering is looked at as soon as it is known where from; what has no mapping has nothing else to look at. */
    private final class Begun implements MappingProbe.Progress {

        @Override
        public void begun(long now) {
            InetSocketAddress other = mapping.other();
            if (mapping.mapped() == null) {
                tell("the server does not answer");
                hairpinDone = true;
                lifetimeDone = true;
                return;
            }
            tell("the server sees us as " + mapping.mapped() + (other == null ? ", and has no other address" : ""));
            if (other == null) {
                // it knows nothing of RFC 5780, and would say nothing to RESPONSE-PORT, or the wrong thing
                hairpinDone = true;
                lifetimeDone(now);
            } else {
                filtering.start(now, other);
                lifetime.start(now);
            }
        }

        @Override
        public void done(long now) {
            mappingDone = true;
            tell("mapping: " + mapping.result());
            finishIfDone();
        }
    }

    private void filteringDone(long now) {
        tell("filtering: " + filtering.result());
        InetSocketAddress one = mapping.mapped();
        InetSocketAddress two = filtering.mapped();
        if (one == null || two == null || one.equals(settings.mapping().address())) {
            hairpinDone(now);
        } else {
            hairpin.start(now, settings.mapping(), one, settings.filtering(), two);
        }
    }

    private void hairpinDone(long now) {
        hairpinDone = true;
        tell("hairpinning: " + hairpin.result());
        finishIfDone();
    }

    private void lifetimeDone(long now) {
        lifetimeDone = true;
        if (!settings.silences().isEmpty()) {
            tell("lifetime: " + lifetime.result());
        }
        finishIfDone();
    }

    private void tell(String what) {
        events.accept(new NatEvent.TestDone(what));
    }

    private void finishIfDone() {
        if (mappingDone && hairpinDone && lifetimeDone && !finished) {
            finished = true;
            events.accept(new NatEvent.Finished(report()));
        }
    }

    private NatReport report() {
        return new NatReport(
                settings.server(),
                settings.mapping().address(),
                mapping.mapped(),
                mapping.other(),
                mapping.result(),
                filtering.result(),
                hairpin.result(),
                lifetime.result());
    }

    boolean handle(long now, Base base, InetSocketAddress from, StunMessage message) {
        return !finished && probes.handle(now, base, from, message);
    }

    void handleTimeout(long now) {
        probes.handleTimeout(now);
        lifetime.handleTimeout(now);
    }

    long nextTimeout() {
        return finished ? Machine.NEVER : Math.min(probes.nextTimeout(), lifetime.nextTimeout());
    }

    void drainTransmits(Output<?> out) {
        probes.drainTransmits(out);
    }
}
