// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras.client;

import java.util.concurrent.CompletionStage;

/** Carries a request to the service and its answer back: the body of a SIP SERVICE request, and that of its 200. */
@FunctionalInterface
public interface MrasTransport {

    /**
     * Sends a body. Called on any thread, and must not wait there.
     *
     * @param service whom it is for, a SIP URI that provisioning has named
     * @param contentType of the body
     * @return the body of the answer; failed when the request was refused, or not answered
     */
    CompletionStage<String> exchange(String service, String contentType, String body);
}
