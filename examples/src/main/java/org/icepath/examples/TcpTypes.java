// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.TcpType;
import org.icepath.ice.IceConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which TCP candidates a command gathers, as the command line says it.
 *
 * @param types none for UDP alone
 */
public record TcpTypes(List<TcpType> types) {

    /** None. */
    public static final String OFF = "off";

    /** The usual ones: active and passive. */
    public static final String ON = "on";

    /** The values that an option takes. */
    public static final String LABEL = "on|off|active,passive,so";

    public TcpTypes {
        types = List.copyOf(types);
    }

    /** Whether there are any. */
    public boolean any() {
        return !types.isEmpty();
    }

    /** The configuration with these. */
    public IceConfig applyTo(IceConfig config) {
        return any() ? config.tcp(types.toArray(TcpType[]::new)) : config;
    }

    /** Reads {@link #LABEL}. */
    public static final class Names implements ITypeConverter<TcpTypes> {

        @Override
        public TcpTypes convert(String value) {
            return switch (value) {
                case OFF -> new TcpTypes(List.of());
                case ON -> new TcpTypes(List.of(TcpType.ACTIVE, TcpType.PASSIVE));
                default -> {
                    List<TcpType> types = new ArrayList<>();
                    for (String name : value.split(",", -1)) {
                        types.add(TcpType.ofToken(name)
                                .orElseThrow(() -> new TypeConversionException("'" + value + "', expected " + LABEL)));
                    }
                    yield new TcpTypes(types);
                }
            };
        }
    }
}
