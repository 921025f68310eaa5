// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.icepath.examples.peer;

import org.jspecify.annotations.NullMarked;
