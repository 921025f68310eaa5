// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.stun.Attribute;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.ms.MsRealm;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnKey;
import org.icepath.stun.ms.MsTurnType;

/** An Edge's side of the long-term credential mechanism: what is missing is told in a fixed order ([MS-TURN] §3.3.5.1, seen). */
final class MsEdgeAuthenticator {

    private static final Set<Integer> CHALLENGES = Set.of(401, 430, 431, 432, 434, 435, 436, 438, 441);

    private final MsEdgeConfig config;
    private final EdgeFaults faults;
    private final Nonces nonces;
    private final MsRealm realm;
    private final Integrity integrity = new Integrity();
    private final StunMessage reader = new StunMessage(MsTurnDialect.SHA256);
    private final AttributeCursor cursor = new AttributeCursor();

    MsEdgeAuthenticator(MsEdgeConfig config, EdgeFaults faults, RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.nonces = new Nonces(config.nonceLifetime(), random);
        this.realm = new MsRealm(config.realm());
    }

    /**
     * Who has signed the request.
     *
     * @param nonceOfAllocation of requests that have none themselves; empty in an Allocate request
     * @throws Refusal when nobody can be said to have
     */
    MsCredential authenticate(Exchange exchange, Optional<byte[]> nonceOfAllocation) {
        StunMessage message = exchange.message();
        if (!message.has(MsTurnAttributes.MESSAGE_INTEGRITY)) {
            throw new Refusal(401, "Unauthorized");
        }
        byte[] nonce = message.type() == MsTurnType.ALLOCATE_REQUEST.bits()
                ? nonceOf(exchange)
                : nonceOfAllocation.orElseThrow(() -> new Refusal(437, "No Binding"));
        byte[] username = username(message);
        byte[] password = password(exchange, username).orElseThrow(() -> new Refusal(436, "Unknown Username"));
        if (message.has(MsTurnAttributes.REALM)
                && !message.get(MsTurnAttributes.REALM).equals(Optional.of(config.realm()))) {
            throw new Refusal(434, "Wrong Realm");
        }
        MsCredential credential = credential(message, username, password, nonce);
        boolean misplaced = config.demands(MsDemand.INTEGRITY_LAST) && !endsWithIntegrity(message);
        if (misplaced || !verifies(message, credential)) {
            throw new Refusal(431, "Integrity Check Failure");
        }
        return credential;
    }

    private byte[] nonceOf(Exchange exchange) {
        StunMessage message = exchange.message();
        if (!message.has(MsTurnAttributes.REALM)) {
            throw new Refusal(434, "Missing Realm");
        }
        if (!message.has(MsTurnAttributes.NONCE)) {
            throw new Refusal(435, "Missing Nonce");
        }
        byte[] nonce = bytes(message, MsTurnAttributes.NONCE);
        String text = new String(nonce, StandardCharsets.US_ASCII);
        if (!nonces.isGood(text, exchange.now(), exchange.client(), faults.nonceGeneration())) {
            throw new Refusal(438, "Stale Nonce");
        }
        return nonce;
    }

    private byte[] username(StunMessage message) {
        if (!message.has(MsTurnAttributes.USERNAME)
                || (config.demands(MsDemand.VERSION_FIRST) && !versionBeforeUsername(message))) {
            throw new Refusal(432, "Missing Username");
        }
        return bytes(message, MsTurnAttributes.USERNAME);
    }

    private boolean versionBeforeUsername(StunMessage message) {
        cursor.over(message);
        boolean seen = false;
        while (cursor.next()) {
            if (cursor.is(MsTurnAttributes.USERNAME)) {
                return seen;
            }
            seen |= cursor.is(MsTurnAttributes.MS_VERSION);
        }
        return false;
    }

    private boolean endsWithIntegrity(StunMessage message) {
        cursor.overAll(message);
        boolean last = false;
        while (cursor.next()) {
            last = cursor.is(MsTurnAttributes.MESSAGE_INTEGRITY);
        }
        return last;
    }

    private Optional<byte[]> password(Exchange exchange, byte[] username) {
        for (Map.Entry<String, String> user : config.users().entrySet()) {
            if (Arrays.equals(user.getKey().getBytes(StandardCharsets.UTF_8), username)
                    && !faults.isUnknown(user.getKey())) {
                return Optional.of(user.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return config.keys()
                .filter(keys -> keys.isGood(username, config.epoch().plusNanos(exchange.now())))
                .map(keys -> keys.password(username));
    }

    private MsCredential credential(StunMessage message, byte[] username, byte[] password, byte[] nonce) {
        MsTurnDialect form = MsTurnDialect.between(message.uint32(MsTurnAttributes.MS_VERSION, 0), config.version());
        String hashed = config.hashesQuotes() ? realm.onTheWire() : realm.unquoted();
        MsTurnKey key = form == MsTurnDialect.SHA256
                ? MsTurnKey.sha256(username, hashed, password, ByteBuffer.wrap(nonce))
                : MsTurnKey.sha1(username, hashed, password);
        return new MsCredential(text(username), key, form, nonce);
    }

    private static String text(byte[] username) {
        for (byte each : username) {
            if (each < ' ' || each == 0x7F) {
                return MsRelayKeys.client(username);
            }
        }
        return new String(username, StandardCharsets.US_ASCII);
    }

    private boolean verifies(StunMessage message, MsCredential credential) {
        if (credential.form() == MsTurnDialect.SHA1) {
            return integrity.verify(message, credential.key());
        }
        int from = message.offset();
        reader.wrap(message.buffer().duplicate().limit(from + message.length()).position(from));
        return integrity.verify(reader, credential.key());
    }

    /** Whether an error with this code tells the client realm and nonce. */
    static boolean isChallenge(int code) {
        return CHALLENGES.contains(code);
    }

    void putNonce(Exchange exchange, StunWriter writer) {
        String nonce = nonces.next(exchange.now(), exchange.client(), faults.nonceGeneration());
        writer.putBytes(MsTurnAttributes.NONCE, nonce.getBytes(StandardCharsets.US_ASCII));
    }

    void putRealm(StunWriter writer) {
        writer.put(MsTurnAttributes.REALM, config.realm());
    }

    static byte[] bytes(StunMessage message, Attribute<?> attribute) {
        byte[] value = new byte[message.length(attribute)];
        message.buffer().get(message.offset(attribute), value);
        return value;
    }
}
