// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

/** What a mapping or a filter depends on (RFC 4787 §4.1, §5). */
public enum NatDependence {
    /** On nothing outside. */
    ENDPOINT_INDEPENDENT,
    /** On the remote address. */
    ADDRESS_DEPENDENT,
    /** On the remote address and port. */
    ADDRESS_AND_PORT_DEPENDENT,
    /** The server did not help to find out. */
    UNKNOWN
}
