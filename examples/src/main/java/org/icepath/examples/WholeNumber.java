// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The whole numbers that an option takes. Another value is refused with what was expected, and picocli names the option. */
public abstract class WholeNumber implements ITypeConverter<Integer> {

    private final int least;
    private final int most;

    protected WholeNumber(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public final Integer convert(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused as the others are: it may be a word, or a number of twenty digits
        }
        throw new TypeConversionException("'" + value + "', expected a whole number from " + least + " to " + most);
    }
}
