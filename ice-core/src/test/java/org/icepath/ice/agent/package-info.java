// SPDX-License-Identifier: Apache-2.0
/** Tests of the agent, in virtual time. */
@NullMarked
package org.icepath.ice.agent;

import org.jspecify.annotations.NullMarked;
