// SPDX-License-Identifier: Apache-2.0
/**
 * The front door of the library: {@link org.icepath.Icepath#start()} gives an {@link org.icepath.ice.IceRuntime}, from which all else
 * follows. Thread-safe. Not here: anything else.
 */
@NullMarked
package org.icepath;

import org.jspecify.annotations.NullMarked;
