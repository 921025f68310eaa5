// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code icepath} command line: runnable softphones and tools on top of the library.
 *
 * <p>{@link org.icepath.examples.Main} is the entry; each command is a class of its own. Everything here uses the library as an
 * application would, through {@code org.icepath.Icepath}.
 */
@NullMarked
package org.icepath.examples;

import org.jspecify.annotations.NullMarked;
