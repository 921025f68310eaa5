// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;

/** Whose a datagram is that comes to a port of many sessions. */
class SharedPortTableTest {

    private static final InetSocketAddress PHONE = new InetSocketAddress("203.0.113.1", 4000);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("203.0.113.66", 6666);

    private final Random random = new Random(3);
    private final SharedPortTable<String> table = new SharedPortTable<>();

    private ByteBuffer check(String username) {
        return StunWriter.into(ByteBuffer.allocate(700))
                .request(StunMethod.BINDING, TransactionId.next(random))
                .put(Attributes.USERNAME, username)
                .fingerprint()
                .finish();
    }

    private ByteBuffer answer() {
        return StunWriter.into(ByteBuffer.allocate(200))
                .respond(StunClass.SUCCESS, new StunMessage().wrap(check("a:b")))
                .finish();
    }

    private static ByteBuffer media() {
        return ByteBuffer.allocate(20).put(0, (byte) 0x80);
    }

    // RFC 8445 §7.2.2: the fragment of who is asked comes first
    @Test
    void aCheckIsForTheSessionThatItNames() {
        table.answers("one", "frag1");
        table.answers("two", "frag2");

        assertThat(table.find(STRANGER, check("frag2:theirs"))).containsExactly("two");
        assertThat(table.find(STRANGER, check("frag1:theirs"))).containsExactly("one");
    }

    @Test
    void aFragmentStaysWithWhoHadItFirst() {
        table.answers("one", "frag1");

        table.answers("two", "frag1");
        assertThat(table.find(STRANGER, check("frag1:theirs"))).containsExactly("one");
        table.remove("two");

        assertThat(table.find(STRANGER, check("frag1:theirs"))).containsExactly("one");
    }

    @Test
    void aCheckIsForTheSessionThatItNamesWhereverItComesFrom() {
        table.answers("one", "frag1");
        table.answers("two", "frag2");
        table.sendsTo("one", PHONE);

        assertThat(table.find(PHONE, check("frag2:theirs"))).containsExactly("two");
    }

    @Test
    void allElseIsForTheSessionThatSendsThere() {
        table.sendsTo("one", PHONE);

        assertThat(table.find(PHONE, media())).containsExactly("one");
        assertThat(table.find(PHONE, answer())).containsExactly("one");
    }

    @Test
    void whatNobodyAskedForIsNobodys() {
        table.answers("one", "frag1");
        table.sendsTo("one", PHONE);

        assertThat(table.find(STRANGER, media())).isEmpty();
        assertThat(table.find(STRANGER, answer())).isEmpty();
        assertThat(table.find(PHONE, check("unknown:theirs"))).isEmpty();
        assertThat(table.find(PHONE, check("frag1"))).isEmpty();
        assertThat(table.find(PHONE, check(":"))).isEmpty();
        assertThat(table.find(PHONE, check("frag1x:theirs"))).isEmpty();
    }

    // RFC 8489 §5: an attribute that ends beyond the message
    @Test
    void rubbishIsNobodys() {
        table.answers("one", "frag1");
        ByteBuffer rubbish = check("frag1:theirs");
        rubbish.putShort(22, (short) 60_000);

        assertThat(table.find(STRANGER, rubbish)).isEmpty();
        assertThat(table.find(STRANGER, ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void answersToTwoSessionsWithOnePeerAddressAreOfferedToBothAndDataToTheFirst() {
        table.sendsTo("one", PHONE);
        table.sendsTo("two", PHONE);

        assertThat(table.find(PHONE, answer())).containsExactly("one", "two");
        assertThat(table.find(PHONE, media())).containsExactly("one");
        table.remove("one");
        assertThat(table.find(PHONE, media())).containsExactly("two");
    }

    @Test
    void aSessionThatIsOverLeavesNothing() {
        table.answers("one", "frag1");
        table.sendsTo("one", PHONE);

        table.remove("one");

        assertThat(table.find(PHONE, media())).isEmpty();
        assertThat(table.find(PHONE, check("frag1:theirs"))).isEmpty();
        assertThat(table.sessions()).isZero();
        assertThat(table.sources()).isZero();
    }

    @Test
    void noSessionFillsTheTables() {
        for (int i = 0; i < 10_000; i++) {
            table.answers("one", "frag" + i);
            table.sendsTo("one", new InetSocketAddress("203.0.113.1", 1 + i));
        }
        for (int i = 0; i < 10_000; i++) {
            table.sendsTo("session " + i, STRANGER);
        }

        assertThat(table.sources()).isEqualTo(256 + 1);
        assertThat(table.find(STRANGER, answer())).hasSizeLessThanOrEqualTo(8);
        assertThat(table.find(PHONE, check("frag0:x"))).isEmpty();
        assertThat(table.find(PHONE, check("frag9999:x"))).containsExactly("one");
    }

    @Test
    void strangersChecksAreNotRemembered() {
        table.answers("one", "frag1");

        for (int i = 0; i < 1_000; i++) {
            table.find(new InetSocketAddress("203.0.113.1", 1 + i), check("frag1:x"));
        }

        assertThat(table.sources()).isZero();
    }
}
