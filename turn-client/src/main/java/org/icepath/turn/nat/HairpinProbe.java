// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import org.icepath.sansio.Base;
import org.icepath.stun.StunMessage;

/** Lets two bases of ours send to each other's outside address (RFC 5780 §3.4). Not thread-safe. */
final class HairpinProbe {

    private final Probes probes;
    private final LongConsumer done;
    private Hairpinning result = Hairpinning.UNKNOWN;
    private int waiting;

    HairpinProbe(Probes probes, LongConsumer done) {
        this.probes = probes;
        this.done = done;
    }

    // Both ways, because each opens the filter that the other has to pass.
    void start(long now, Base one, InetSocketAddress mappedOne, Base two, InetSocketAddress mappedTwo) {
        waiting = 2;
        probes.send(now, one, mappedTwo, new Reflection(two));
        probes.send(now, two, mappedOne, new Reflection(one));
    }

    Hairpinning result() {
        return result;
    }

    private void over(long now) {
        waiting--;
        if (waiting == 0 && result == Hairpinning.UNKNOWN) {
            result = Hairpinning.NOT_SUPPORTED;
            done.accept(now);
        }
    }

    private final class Reflection implements Probes.Asker {

        private final Base target;

        Reflection(Base target) {
            this.target = target;
        }

        @Override
        public boolean reflected(long now, Base base) {
            if (base.id() != target.id()) {
                return false;
            }
            boolean first = result == Hairpinning.UNKNOWN;
            result = Hairpinning.SUPPORTED;
            if (first) {
                done.accept(now);
            }
            return true;
        }

        @Override
        public boolean answered(long now, Base base, InetSocketAddress from, StunMessage answer) {
            return false; // nobody but us is asked
        }

        @Override
        public void silent(long now) {
            over(now);
        }
    }
}
