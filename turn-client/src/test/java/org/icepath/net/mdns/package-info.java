// SPDX-License-Identifier: Apache-2.0
/** Tests of multicast DNS. */
@NullMarked
package org.icepath.net.mdns;

import org.jspecify.annotations.NullMarked;
