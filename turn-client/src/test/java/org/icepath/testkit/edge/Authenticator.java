// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.stun.AlgorithmChoice;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.PasswordAlgorithm;
import rocks.xmpp.precis.PrecisProfiles;

/** The server's side of the long-term credential mechanism (RFC 8489 §9.2.4). */
final class Authenticator {

    private static final List<AlgorithmChoice> OFFER =
            List.of(PasswordAlgorithm.SHA256.choice(), PasswordAlgorithm.MD5.choice());

    private final EdgeConfig config;
    private final EdgeFaults faults;
    private final Nonces nonces;
    private final Integrity integrity = new Integrity();
    private final Map<String, IntegrityKey> keys = new HashMap<>();

    Authenticator(EdgeConfig config, EdgeFaults faults, RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.nonces = new Nonces(config, random);
    }

    /**
     * Who has signed the request.
     *
     * @throws Refusal 400, 401 or 438 when nobody can be said to have
     */
    Credential authenticate(Exchange exchange) {
        StunMessage message = exchange.message();
        boolean sha256 = message.has(Attributes.MESSAGE_INTEGRITY_SHA256);
        if (!sha256 && !message.has(Attributes.MESSAGE_INTEGRITY)) {
            throw new Refusal(ErrorCode.UNAUTHENTICATED, "Unauthenticated");
        }
        if (config.anonymous() && message.has(Attributes.USERNAME)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "USERNAME where USERHASH was wanted");
        }
        Optional<String> realm = message.get(Attributes.REALM);
        Optional<String> nonce = message.get(Attributes.NONCE);
        boolean named = message.has(Attributes.USERNAME) || message.has(Attributes.USERHASH);
        if (realm.isEmpty() || nonce.isEmpty() || !named) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "USERNAME, REALM or NONCE is missing");
        }
        if (!nonces.isGood(nonce.get(), exchange.now(), exchange.client(), faults.nonceGeneration())) {
            throw new Refusal(ErrorCode.STALE_NONCE, "Stale Nonce");
        }
        PasswordAlgorithm algorithm = algorithm(message);
        if (message.has(Attributes.ACCESS_TOKEN)) {
            return tokenBearer(exchange, sha256);
        }
        String username = username(message)
                .filter(config.users()::containsKey)
                .filter(name -> !faults.isUnknown(name))
                .orElseThrow(() -> new Refusal(ErrorCode.UNAUTHENTICATED, "No such user"));
        IntegrityKey key = key(username, algorithm);
        if (!realm.get().equals(config.realm()) || !integrity.verify(message, key)) {
            throw new Refusal(ErrorCode.UNAUTHENTICATED, "Wrong credentials");
        }
        return new Credential(username, key, sha256);
    }

    /** Whoever signs with the key in a token that our authorization server has made (RFC 7635 §4.2). */
    private Credential tokenBearer(Exchange exchange, boolean sha256) {
        StunMessage message = exchange.message();
        Instant time = Instant.EPOCH.plusNanos(exchange.now());
        IntegrityKey key = config.tokens()
                .filter(tokens -> message.get(Attributes.USERNAME)
                        .filter(tokens.key().id()::equals)
                        .isPresent())
                .flatMap(tokens -> message.get(Attributes.ACCESS_TOKEN)
                        .flatMap(token -> tokens.key().open(tokens.serverName(), token)))
                .filter(contents -> contents.isGoodAt(time))
                .map(contents -> IntegrityKey.ofBytes(contents.sessionKey().bytes()))
                .filter(found -> integrity.verify(message, found))
                .orElseThrow(() -> new Refusal(ErrorCode.UNAUTHENTICATED, "No such token"));
        return new Credential("bearer of a token", key, sha256);
    }

    /** The algorithm that the client has chosen; it must repeat our offer, or somebody has changed it (RFC 8489 §9.2.4). */
    private PasswordAlgorithm algorithm(StunMessage message) {
        Optional<AlgorithmChoice> chosen = message.get(Attributes.PASSWORD_ALGORITHM);
        Optional<List<AlgorithmChoice>> repeated = message.get(Attributes.PASSWORD_ALGORITHMS);
        if (!config.sha256() || (chosen.isEmpty() && repeated.isEmpty())) {
            return PasswordAlgorithm.MD5;
        }
        if (chosen.isEmpty() || repeated.isEmpty() || !repeated.get().equals(OFFER)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "PASSWORD-ALGORITHMS is not what was offered");
        }
        return PasswordAlgorithm.firstKnown(List.of(chosen.get()))
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "PASSWORD-ALGORITHM was not offered"));
    }

    private Optional<String> username(StunMessage message) {
        return message.get(Attributes.USERNAME)
                .or(() -> message.get(Attributes.USERHASH).flatMap(this::usernameOf));
    }

    private Optional<String> usernameOf(ByteBuffer hash) {
        return config.users().keySet().stream()
                .filter(name -> ByteBuffer.wrap(PasswordAlgorithm.userHash(name, prepared(config.realm())))
                        .equals(hash))
                .findFirst();
    }

    private IntegrityKey key(String username, PasswordAlgorithm algorithm) {
        return keys.computeIfAbsent(algorithm + " " + username, each -> {
            String password = config.users().getOrDefault(username, "");
            return algorithm == PasswordAlgorithm.MD5
                    ? IntegrityKey.longTerm(algorithm, username, config.realm(), password)
                    : IntegrityKey.longTermPrepared(algorithm, username, prepared(config.realm()), prepared(password));
        });
    }

    private static String prepared(String text) {
        return PrecisProfiles.OPAQUE_STRING.enforce(text);
    }

    /** Whether an error with this code tells the client realm and nonce, and is not signed. */
    static boolean isChallenge(int code) {
        return code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.STALE_NONCE;
    }

    /** Puts what a challenge has beside ERROR-CODE. */
    void putChallenge(Exchange exchange, StunWriter writer) {
        writer.put(Attributes.REALM, config.realm());
        writer.put(Attributes.NONCE, nonces.next(exchange.now(), exchange.client(), faults.nonceGeneration()));
        if (config.sha256()) {
            writer.put(Attributes.PASSWORD_ALGORITHMS, OFFER);
        }
        config.tokens().ifPresent(tokens -> writer.put(Attributes.THIRD_PARTY_AUTHORIZATION, tokens.serverName()));
    }
}
