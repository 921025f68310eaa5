// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.time.Duration;
import java.util.stream.Collectors;

/** {@code icepath relay --ms} on the router of a network, which both sides reach: over UDP, TCP and pseudo-TLS. */
final class EdgeOnRouter implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);
    private static final String ADDRESS = "10.77.1.1"; // the router's; the relayed addresses are its, too
    private static final int PORT = 3_500; // coturn has 3478 to 3479 there
    private static final int PSEUDO_TLS_PORT = 4_430;
    private static final String CREDENTIALS = "alice:secret";

    private final TalkingPeer relay;

    private EdgeOnRouter(TalkingPeer relay) {
        this.relay = relay;
    }

    /**
     * Starts it.
     *
     * @param name of the file that it tells its story to
     */
    static EdgeOnRouter start(WiredNetwork network, String name) throws InterruptedException {
        String words = IcepathPeer.words("relay").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ", "", " --ms --ms-lenient --address " + ADDRESS));
        String command = words + " --port " + PORT + " --pseudo-tls-port " + PSEUDO_TLS_PORT + " --user " + CREDENTIALS;
        TalkingPeer relay = TalkingPeer.start(
                network.router(),
                new Program("edge", command),
                Surroundings.workDirectory().resolve("edge").resolve(name + ".log"));
        if (relay.await(
                        START,
                        said -> said.path("line").asText().startsWith("listening on " + ADDRESS + ":" + PORT + " "))
                .isEmpty()) {
            relay.close();
            throw new IllegalStateException("icepath relay --ms does not start: " + relay.text());
        }
        return new EdgeOnRouter(relay);
    }

    /** The option with which libnice uses it. */
    String forLibnice(String transport) {
        return "--turn " + server(transport.equals("tls")) + ":" + transport;
    }

    /** The option with which ours uses it. */
    String forIcepath(String transport) {
        return "--turn ms:" + server(transport.equals("pseudo-tls")) + ":" + transport;
    }

    private static String server(boolean pseudoTls) {
        return ADDRESS + ":" + (pseudoTls ? PSEUDO_TLS_PORT : PORT) + ":" + CREDENTIALS;
    }

    @Override
    public void close() {
        relay.close();
    }
}
