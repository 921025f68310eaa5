// SPDX-License-Identifier: Apache-2.0
/** Tests of credentials and integrity. */
@NullMarked
package org.icepath.stun.auth;

import org.jspecify.annotations.NullMarked;
