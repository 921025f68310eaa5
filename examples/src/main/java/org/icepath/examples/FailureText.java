// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.icepath.ice.IceException;

/** Why a future failed, in words for whoever typed the command. */
public final class FailureText {

    private FailureText() {}

    /** What a session or the network says needs no class before it; what nobody expected keeps its own. */
    public static String of(ExecutionException failure) {
        Throwable cause = failure.getCause();
        String said = null;
        if (cause instanceof IceException ofSession) {
            said = ofSession.getMessage();
        } else if (cause instanceof IOException ofNetwork) {
            said = ofNetwork.getMessage();
        }
        return said == null ? String.valueOf(cause) : said;
    }
}
