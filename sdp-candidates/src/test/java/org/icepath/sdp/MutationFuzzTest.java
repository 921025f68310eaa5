// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.icepath.candidate.IceDescription;
import org.icepath.sdp.explain.CandidateExplainer;
import org.junit.jupiter.api.Test;

/** Nothing the network sends may throw; and what was read must always be possible to write. */
class MutationFuzzTest {
    private static final int RUNS = 4_000;
    private static final List<String> PIECES = List.of(
            "a=candidate:",
            "a=ice-ufrag:",
            "a=ice-pwd:",
            "m=",
            "c=",
            "a=rtcp:",
            "\r",
            "\n",
            "\r\n",
            " ",
            ":",
            "=",
            "a=",
            "\t",
            "typ",
            "raddr",
            "%",
            "/",
            "0",
            "-1",
            "99999999999",
            "2147483648",
            "::",
            ".",
            "127.1",
            "\u0000",
            "\u2028",
            "\u0085",
            "é",
            "\uD800",
            "a=group:BUNDLE",
            "a=remote-candidates:1 ",
            "a=mid:",
            "tcptype",
            "IN IP6 ",
            "a=ice-options:");

    private final Random random = new Random(20260101);

    @Test
    void mutatedBodiesAreReadAndWrittenBack() {
        RandomDescriptions descriptions = new RandomDescriptions(1);
        for (int i = 0; i < RUNS; i++) {
            String body = mutate(IceSdp.format(descriptions.next()));

            IceDescription read = IceSdp.parse(body).description();

            assertThat(CandidateExplainer.explain(read)).isNotNull();
            assertThat(IceSdp.applyTo(body, read)).isNotNull();
            assertThat(IceSdp.formatFragment(IceSdp.parseFragment(body))).isNotNull();
            IceDescription complete = IceSdp.withDefaults(read);
            assertThat(IceSdp.parse(IceSdp.format(complete)).description().streams())
                    .as(body)
                    .hasSameSizeAs(complete.streams());
        }
    }

    @Test
    void bodiesThatSayWhereToSendKeepEveryByte() {
        RandomDescriptions descriptions = new RandomDescriptions(2);
        int compared = 0;
        for (int i = 0; i < RUNS; i++) {
            String body = mutate(IceSdp.format(descriptions.next()));
            IceDescription read = IceSdp.parse(body).description();
            if (IceSdp.withDefaults(read).equals(read)) {
                compared++;

                assertThat(IceSdp.applyTo(body, read)).isEqualTo(body);
            }
        }
        assertThat(compared).isGreaterThan(RUNS / 2);
    }

    @Test
    void anyCharactersAtAllAreRead() {
        for (int i = 0; i < RUNS; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int k = 0; k < length; k++) {
                text.append(random.nextInt(3) == 0 ? pick() : String.valueOf((char) random.nextInt(300)));
            }

            assertThat(IceSdp.parse(text.toString())).isNotNull();
        }
    }

    private String mutate(String body) {
        StringBuilder mutated = new StringBuilder(body);
        for (int edits = 1 + random.nextInt(6); edits > 0 && !mutated.isEmpty(); edits--) {
            int place = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), place + random.nextInt(20));
            switch (random.nextInt(5)) {
                case 0 -> mutated.insert(place, pick());
                case 1 -> mutated.delete(place, end);
                case 2 -> mutated.setCharAt(place, (char) random.nextInt(256));
                case 3 -> mutated.insert(place, mutated.substring(place, end));
                default -> mutated.replace(place, end, pick());
            }
        }
        return mutated.toString();
    }

    private String pick() {
        return PIECES.get(random.nextInt(PIECES.size()));
    }
}
