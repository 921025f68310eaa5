// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;

/** Two hosts on either side of a router, IPv4 and IPv6, without NAT; coturn runs on the router. */
final class WiredNetwork implements Network {

    private final String name = Namespaces.newName();
    private final Path program = Surroundings.shared().resolve("interop/lab");
    private final Path state = Surroundings.workDirectory().resolve("state").resolve(name);
    private final Thread cleaner = new Thread(this::remove);

    private WiredNetwork() {}

    /** @param direct whether the router forwards; without, only a relay on it connects the two */
    static WiredNetwork up(boolean direct) {
        WiredNetwork network = new WiredNetwork();
        Runtime.getRuntime().addShutdownHook(network.cleaner);
        network.lab("up");
        network.lab("turn", "start");
        network.lab("direct", direct ? "on" : "off");
        return network;
    }

    @Override
    public String namespace(Side side) {
        return name + (side == Side.A ? "-a" : "-b");
    }

    /** The network namespace of the router. */
    String router() {
        return name + "-r";
    }

    @Override
    public String server(Side side) {
        return side == Side.A ? "10.77.1.1:3478" : "10.77.2.1:3478";
    }

    @Override
    public String credentials() {
        return "alice:secret";
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        remove();
    }

    private void remove() {
        for (String node : new String[] {"a", "b", "r"}) {
            Namespaces.remove(name + "-" + node);
        }
        lab("down");
    }

    private void lab(String... verb) {
        Object[] words = new Object[verb.length + 1];
        words[0] = program;
        System.arraycopy(verb, 0, words, 1, verb.length);
        Command.of(words).with("LAB_PREFIX", name).with("LAB_STATE", state).output();
    }
}
