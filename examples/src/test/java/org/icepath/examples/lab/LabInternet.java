// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One scenario of the network lab: hosts behind NATs, an Internet core, and coturn. */
public final class LabInternet implements Network {

    private static final Pattern CERTIFICATE = Pattern.compile("\"certificate\": *\"([^\"]+)\"");

    private static final Pattern ENDS = Pattern.compile("(src|dst|sport|dport)=\\S+");
    private static final int MOST_REBINDS = 5;

    private final String name = Namespaces.newName();
    private final String hostA;
    private final String hostB;
    private final Thread cleaner = new Thread(this::remove);

    private LabInternet(String hostA, String hostB) {
        this.hostA = hostA;
        this.hostB = hostB;
    }

    /**
     * Brings a scenario up.
     *
     * @param scenario its name
     * @param hostA the host where the controlling peer runs
     * @param hostB the host where the other runs
     */
    public static LabInternet up(String scenario, String hostA, String hostB) {
        return up("4", scenario, hostA, hostB);
    }

    /**
     * Brings a scenario up.
     *
     * @param family 4, 6 or 46
     */
    static LabInternet up(String family, String scenario, String hostA, String hostB) {
        LabInternet internet = new LabInternet(hostA, hostB);
        Runtime.getRuntime().addShutdownHook(internet.cleaner);
        internet.lab("up", "--family", family, scenario);
        return internet;
    }

    /** Cuts a link: {@code carrier}, {@code admin} or {@code silent}. */
    LabInternet cut(String link, String how) {
        lab("cut", link, "--how", how);
        return this;
    }

    /** Mends a link. */
    void heal(String link) {
        lab("heal", link);
    }

    /**
     * Has a router forget its NAT bindings: they get other ports. The kernel forgets them one by one, while packets pass; what is found as it
     * was before is forgotten once more, so that this has happened when the call returns.
     */
    LabInternet rebind(String router) {
        Set<String> before = bindings(router);
        lab("rebind", router);
        for (int again = 0; !Collections.disjoint(bindings(router), before); again++) {
            if (again == MOST_REBINDS) {
                throw new IllegalStateException(router + " does not forget " + before);
            }
            System.out.println("the NAT of " + router + " has not forgotten all its flows; again");
            lab("rebind", router);
        }
        return this;
    }

    /** The flows of UDP that a NAT knows, inside and outside, without what changes with each packet. */
    private Set<String> bindings(String router) {
        Set<String> flows = new HashSet<>();
        for (String line : output(name, List.of("bindings", router)).split("\n", -1)) {
            String ends = ENDS.matcher(line).results().map(MatchResult::group).collect(Collectors.joining(" "));
            if (!ends.isEmpty()) {
                flows.add(ends);
            }
        }
        return flows;
    }

    /** Changes the NAT of a router. */
    LabInternet nat(String router, String kind) {
        lab("nat", router, kind);
        return this;
    }

    /** Delays what the routers send to a host; 0 for not at all. */
    public void delay(String host, int milliseconds) {
        if (milliseconds == 0) {
            lab("netem", host, "clear", "dir=down");
        } else {
            lab("netem", host, "delay=" + milliseconds, "dir=down");
        }
    }

    /** Impairs a link both ways, as the lab's words say. */
    LabInternet impair(String link, String words) {
        lab("netem", link, words);
        return this;
    }

    /** Has a router forward no UDP between two addresses, until {@link #unblock}. */
    LabInternet block(String router, String one, String other) {
        inside(router, "nft", "add table ip blocked");
        inside(
                router,
                "nft",
                "add chain ip blocked forward { type filter hook forward priority -200; policy accept; }");
        inside(
                router,
                "nft",
                "add rule ip blocked forward meta l4proto udp ip saddr " + one + " ip daddr " + other + " drop");
        inside(
                router,
                "nft",
                "add rule ip blocked forward meta l4proto udp ip saddr " + other + " ip daddr " + one + " drop");
        return this;
    }

    /** Takes back what {@link #block} did. */
    void unblock(String router) {
        inside(router, "nft", "delete table ip blocked");
    }

    private void inside(String node, String... words) {
        List<Object> all = new ArrayList<>(List.of("ip", "netns", "exec", "natlab-" + name + "-" + node));
        all.addAll(List.of(words));
        Command.of(all.toArray()).output();
    }

    /** Starts the TURN server anew with further lines of its configuration. */
    LabInternet turn(String... lines) {
        List<String> verb = new ArrayList<>(List.of("turn", "restart"));
        verb.addAll(List.of(lines));
        lab(name, verb);
        return this;
    }

    /**
     * Tells the TURN server of a key under which tokens are encrypted (RFC 7635); to be asked for with its option {@code oauth}.
     *
     * @param key 32 bytes, for AES-256-GCM
     */
    void turnKey(String id, byte[] key) {
        String insert = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
                + " db.execute(\"insert or replace into oauth_key values (?, ?, 0, 0, 'A256GCM', '')\", sys.argv[2:4]); db.commit()";
        Path database = certificate().resolveSibling("turndb");
        Command.of("python3", "-c", insert, database, id, Base64.getEncoder().encodeToString(key))
                .output();
    }

    /** The PEM file with the certificate of the TURN server. */
    Path certificate() {
        Matcher found = CERTIFICATE.matcher(output(name, List.of("info")));
        if (!found.find()) {
            throw new IllegalStateException("the lab does not say where its certificate is");
        }
        return Path.of(found.group(1));
    }

    /** The namespace of any node of the scenario. */
    String namespace(String node) {
        return "natlab-" + name + "-" + node;
    }

    @Override
    public String namespace(Side side) {
        return namespace(side == Side.A ? hostA : hostB);
    }

    @Override
    public String server(Side side) {
        return "203.0.113.10:3478";
    }

    @Override
    public String credentials() {
        return "lab:lab-secret";
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        remove();
    }

    /** Removes an instance and everything in it; does nothing if there is none. */
    static void down(String name) {
        lab(name, List.of("down"));
    }

    private void remove() {
        down(name);
    }

    private void lab(String... verb) {
        lab(name, List.of(verb));
    }

    private static void lab(String name, List<String> verb) {
        output(name, verb);
    }

    private static String output(String name, List<String> verb) {
        List<Object> words = new ArrayList<>(List.of(Surroundings.shared().resolve("lab/lab"), "-i", name));
        words.addAll(verb);
        return Command.of(words.toArray()).output();
    }
}
