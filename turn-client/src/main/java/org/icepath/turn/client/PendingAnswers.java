// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.icepath.turn.TurnFailure;

/**
 * Futures that wait for the server's word on a peer, and what it has said already. Confined to the event loop.
 *
 * @param <K> what is asked about
 */
final class PendingAnswers<K> {

    private final Map<K, List<CompletableFuture<Void>>> waiting = new HashMap<>();
    private final Set<K> granted = new HashSet<>();

    /**
     * Waits for a word on {@code key}.
     *
     * @return whether the server has to be asked; false if it has granted it, or was asked before
     */
    boolean await(K key, CompletableFuture<Void> answer) {
        if (granted.contains(key)) {
            answer.complete(null);
            return false;
        }
        List<CompletableFuture<Void>> others = waiting.computeIfAbsent(key, added -> new ArrayList<>());
        others.add(answer);
        return others.size() == 1;
    }

    void granted(K key) {
        granted.add(key);
        take(key).forEach(answer -> answer.complete(null));
    }

    void refused(K key, TurnFailure failure) {
        granted.remove(key);
        take(key).forEach(answer -> answer.completeExceptionally(new TurnException(failure)));
    }

    void refuseAll(TurnFailure failure) {
        granted.clear();
        List.copyOf(waiting.keySet()).forEach(key -> refused(key, failure));
    }

    private List<CompletableFuture<Void>> take(K key) {
        List<CompletableFuture<Void>> answers = waiting.remove(key);
        return answers == null ? List.of() : answers;
    }
}
