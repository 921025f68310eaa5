// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.net.InetAddress;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an IP address; names are not looked up. */
public final class IpLiteral implements ITypeConverter<InetAddress> {

    @Override
    public InetAddress convert(String value) {
        try {
            if (CandidateAddress.of(value, 0) instanceof IpAddress literal) {
                return literal.ip();
            }
        } catch (IllegalArgumentException e) {
            // neither address nor name
        }
        throw new TypeConversionException("'" + value + "' is not an IP address");
    }
}
