// SPDX-License-Identifier: Apache-2.0
/** Allocations on the Edge double, in virtual time and on sockets. */
@NullMarked
package org.icepath.turn.ms;

import org.jspecify.annotations.NullMarked;
