// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.nio.ByteBuffer;
import org.icepath.ice.CheckForm;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;

/** Reader and writer of one form of check, both reused. */
final class FormCodec {

    /** Where the class of a message stands in its first two bytes (RFC 8489 §5). */
    private static final int CLASS_BITS = 0x0110;

    private final CheckForm form;
    private final boolean rfcLayout;
    private final StunMessage reader;
    private final StunMessage answerReader;
    private final StunWriter writer;

    FormCodec(CheckForm form) {
        this.form = form;
        this.rfcLayout = form.stun() == StunDialect.RFC8489;
        this.reader = new StunMessage(form.stun());
        this.answerReader = form.answers() == form.stun() ? reader : new StunMessage(form.answers());
        this.writer = new StunWriter(form.stun());
    }

    CheckForm form() {
        return form;
    }

    StunWriter writer() {
        return writer;
    }

    /** Whether the first bytes allow the datagram to be written so; costs no parsing. */
    boolean mayRead(ByteBuffer datagram) {
        if (rfcLayout) {
            return StunMessage.isStun(datagram);
        }
        return datagram.remaining() >= StunMessage.HEADER_LENGTH
                && (datagram.get(datagram.position()) & 0xC0) == 0
                && form.stun().hasCookie(datagram, datagram.position(), datagram.remaining());
    }

    /**
     * Reads a message.
     *
     * @return the reader, valid until the next call
     * @throws org.icepath.stun.StunParseException when it is none
     */
    StunMessage read(ByteBuffer datagram) {
        return reader.wrap(datagram);
    }

    /** As {@link #read}, for an answer to a request of ours in this form. */
    StunMessage readAnswer(ByteBuffer datagram) {
        return answerReader.wrap(datagram);
    }

    /** The class of a datagram that {@link #mayRead} allows. */
    static StunClass classOf(ByteBuffer datagram) {
        return switch (datagram.getShort(datagram.position()) & CLASS_BITS) {
            case 0x0000 -> StunClass.REQUEST;
            case 0x0010 -> StunClass.INDICATION;
            case 0x0100 -> StunClass.SUCCESS;
            default -> StunClass.ERROR;
        };
    }
}
