// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.util.List;
import org.icepath.stun.hmac.HmacAlgorithm;

/**
 * What MESSAGE-INTEGRITY is computed with and over.
 *
 * @param algorithm of attribute 0x0008; MESSAGE-INTEGRITY-SHA256 always means SHA-256
 * @param textMultiple the text before the attribute is filled with zeros to a multiple of this many bytes; 1 for none
 * @param wholeLength whether the length field counts all of the message, and not only up to the end of the attribute
 */
public record HmacRule(HmacAlgorithm algorithm, int textMultiple, boolean wholeLength) {

    /** RFC 8489 §14.5. */
    public static final HmacRule RFC8489 = new HmacRule(HmacAlgorithm.SHA1, 1, false);

    static final List<HmacRule> RFC8489_ONLY = List.of(RFC8489);

    public HmacRule {
        if (textMultiple < 1) {
            throw new IllegalArgumentException("no text is filled to a multiple of " + textMultiple);
        }
    }
}
