// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The seconds that an option takes, 0 and fractions included. Another value is refused as {@link WholeNumber} does. */
public abstract class Seconds implements ITypeConverter<Duration> {

    private final int most;

    protected Seconds(int most) {
        this.most = most;
    }

    @Override
    public final Duration convert(String value) {
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number <= most) { // neither holds for NaN
                return Duration.ofNanos(Math.round(number * 1e9));
            }
        } catch (NumberFormatException e) {
            // refused as the others are
        }
        throw new TypeConversionException("'" + value + "', expected 0 to " + most + " seconds");
    }
}
