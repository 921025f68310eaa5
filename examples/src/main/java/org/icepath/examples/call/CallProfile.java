// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.icepath.examples.ProfileOption;
import org.icepath.ice.IceProfile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the two phones of a call speak. */
enum CallProfile {
    RFC(ProfileOption.RFC, ProfileOption.RFC),
    MS_ICE2(ProfileOption.MS_ICE2, ProfileOption.MS_ICE2),
    AUTO(ProfileOption.AUTO, ProfileOption.AUTO),
    /** Each of the two speaks its own; a third party between them finds out how. */
    MIXED(ProfileOption.MS_ICE2, ProfileOption.RFC);

    private final ProfileOption alice;
    private final ProfileOption bob;

    CallProfile(ProfileOption alice, ProfileOption bob) {
        this.alice = alice;
        this.bob = bob;
    }

    IceProfile alice() {
        return alice.profile();
    }

    IceProfile bob() {
        return bob.profile();
    }

    /** Whether the call has a final offer, whatever was selected, and its server is an Edge server. */
    boolean endsWithFinalOffer() {
        return this == MS_ICE2;
    }

    /** As it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads a profile as it is printed. */
    static final class Name implements ITypeConverter<CallProfile> {

        @Override
        public CallProfile convert(String value) {
            for (CallProfile known : values()) {
                if (known.toString().equals(value.toLowerCase(Locale.ROOT))) {
                    return known;
                }
            }
            throw new TypeConversionException("'" + value + "', expected one of "
                    + Arrays.stream(values()).map(CallProfile::toString).collect(Collectors.joining(", ")));
        }
    }
}
