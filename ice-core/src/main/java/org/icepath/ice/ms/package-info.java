// SPDX-License-Identifier: Apache-2.0
/**
 * MS-ICE2: how checks are written and read, and what is done otherwise than by RFC 8445. {@link org.icepath.ice.ms.MsProfiles} is the
 * entry. Each rule says whether it was seen on a wire, is specified, or is inferred. Everything here is immutable and stateless.
 */
@NullMarked
package org.icepath.ice.ms;

import org.jspecify.annotations.NullMarked;
