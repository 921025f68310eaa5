// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.icepath.ice.IceProfile;
import org.icepath.ice.ms.MsProfiles;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which profiles the command line can name. */
public enum ProfileOption {
    RFC(IceProfile.RFC8445),
    MS_ICE2(MsProfiles.ICE2),
    AUTO(IceProfile.auto());

    private final IceProfile profile;

    ProfileOption(IceProfile profile) {
        this.profile = profile;
    }

    /** What a session is configured with. */
    public IceProfile profile() {
        return profile;
    }

    /** As it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads a profile as it is printed. */
    public static final class Name implements ITypeConverter<ProfileOption> {

        @Override
        public ProfileOption convert(String value) {
            for (ProfileOption known : values()) {
                if (known.toString().equals(value.toLowerCase(Locale.ROOT))) {
                    return known;
                }
            }
            throw new TypeConversionException("'" + value + "', expected one of "
                    + Arrays.stream(values()).map(ProfileOption::toString).collect(Collectors.joining(", ")));
        }
    }
}
