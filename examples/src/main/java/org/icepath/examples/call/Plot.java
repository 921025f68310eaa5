// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** How a call goes on from the 183 to its end; voices flow meanwhile. */
@FunctionalInterface
interface Plot {

    /** Plays it, and returns when the phones are to fall silent. */
    void play(Call call) throws InterruptedException, ExecutionException, TimeoutException;
}
