// SPDX-License-Identifier: Apache-2.0
/**
 * When new transactions may begin (RFC 8445 §14.2): at least Ta apart for each agent, gathering and checks together.
 *
 * <p>Gathering and checks each keep their own beat and share {@link org.icepath.ice.pacing.Turns}; what keeps all agents of a runtime
 * apart is {@link org.icepath.ice.Pacer}. Not thread-safe, as all machines. References are never null.
 */
@NullMarked
package org.icepath.ice.pacing;

import org.jspecify.annotations.NullMarked;
