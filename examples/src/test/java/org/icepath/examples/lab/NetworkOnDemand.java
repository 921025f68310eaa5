// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A network that is brought up when it is first asked for, and stands until it is closed; thread-safe. */
final class NetworkOnDemand implements AutoCloseable {

    private final Supplier<LabInternet> up;
    private @Nullable LabInternet internet;

    NetworkOnDemand(Supplier<LabInternet> up) {
        this.up = up;
    }

    synchronized LabInternet get() {
        LabInternet standing = internet;
        if (standing == null) {
            standing = up.get();
            internet = standing;
        }
        return standing;
    }

    @Override
    public synchronized void close() {
        LabInternet standing = internet;
        internet = null;
        if (standing != null) {
            standing.close();
        }
    }
}
