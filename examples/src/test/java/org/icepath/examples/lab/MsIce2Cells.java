// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.Set;
import java.util.stream.Stream;
import org.icepath.examples.lab.Network.Side;

/**
 * The meetings in Microsoft's dialect, and those of a peer that speaks either.
 *
 * @param direct a network that forwards between the two
 * @param relayed one that does not
 * @param edge what relays there
 */
record MsIce2Cells(WiredNetwork direct, WiredNetwork relayed, EdgeOnRouter edge) {

    /** How much earlier one side knows the other: its checks find nobody yet. */
    private static final String LEAD_SECONDS = "0.3";

    /** What is met each time: each thing that can differ, once. */
    private static final Set<String> FEW = Set.of(
            "oc2007r2-udp1-controlling-second",
            "oc2007r2-udp2-controlled-first",
            "oc2007r2-tcp2-controlling-first",
            "oc2007r2-tcp1-controlled-second",
            "oc2007r2-udp2-controlling-first-relay",
            "auto-oc2007r2-controlled",
            "auto-libnice-controlling");

    /** A few, which are as good as all where nothing has changed. */
    Stream<Cell> few() {
        return all().filter(cell -> FEW.contains(cell.name()));
    }

    Stream<Cell> all() {
        Stream<Cell> inOneDialect = Stream.of(false, true)
                .flatMap(tcp -> Stream.of(1, 2).flatMap(components -> Stream.of(true, false)
                        .flatMap(control -> Stream.of(Side.values()).flatMap(ours -> Stream.of(false, true)
                                .map(relay -> new Kind(tcp, components, control, ours, relay))))))
                .map(this::cell);
        Stream<Cell> inEither = Stream.of(Program.libniceInOc2007r2(), Program.libnice(), Program.chromium())
                .flatMap(other -> Stream.of(Side.values())
                        .flatMap(ours -> Stream.of(false, true).map(relay -> either(other, ours, relay))));
        return Stream.concat(inOneDialect, inEither);
    }

    /**
     * A kind of meeting with libnice in its OC2007R2 mode.
     *
     * @param tcp over TCP alone, else over UDP alone
     * @param weControl our role
     * @param ours our place; whoever is in place A is told of the other first
     */
    private record Kind(boolean tcp, int components, boolean weControl, Side ours, boolean relay) {

        private String name() {
            return "oc2007r2-" + transport() + components + (weControl ? "-controlling" : "-controlled")
                    + (ours == Side.A ? "-first" : "-second") + (relay ? "-relay" : "");
        }

        private String transport() {
            return tcp ? "tcp" : "udp";
        }

        private String options() {
            return (tcp ? "--tcp on --udp off" : "--tcp off --udp on") + " --components " + components;
        }

        /** Both have one, ours alone, theirs alone: who has none checks the other's relay directly. */
        private boolean oursHasRelay(int run) {
            return run % 3 != 2;
        }

        private boolean libniceHasRelay(int run) {
            return run % 3 != 1;
        }

        private String wayOfOurs(int run) {
            return behindTls(run) ? "pseudo-tls" : transport();
        }

        private String wayOfLibnice(int run) {
            return behindTls(run) ? "tls" : transport();
        }

        /** Three runs over bare TCP, three as if it were TLS. */
        private boolean behindTls(int run) {
            return tcp && run / 3 % 2 == 1;
        }

        private Side controlling() {
            return weControl ? ours : ours.other();
        }
    }

    private Cell cell(Kind kind) {
        Requirement straight = kind.tcp ? Requirement.TCP : Requirement.DIRECT;
        // a relay connects from a port that nobody was told of:
        // neither side knows it for one, but there is no other way
        Requirement byRelay = kind.tcp ? Requirement.CONNECTED : Requirement.RELAYED;
        return new Cell(kind.name(), kind.relay ? byRelay : straight, run -> meeting(kind, run));
    }

    private Meeting meeting(Kind kind, int run) {
        Program icepath = Program.icepath().with("--profile ms-ice2 --report", kind.options());
        Program libnice = Program.libniceInOc2007r2().with(kind.options());
        if (kind.relay) {
            icepath = kind.oursHasRelay(run) ? icepath.with(edge.forIcepath(kind.wayOfOurs(run))) : icepath;
            libnice = kind.libniceHasRelay(run) ? libnice.with(edge.forLibnice(kind.wayOfLibnice(run))) : libnice;
        }
        boolean turned = kind.controlling() == Side.B;
        return between(kind.relay, kind.ours, icepath, libnice)
                .with("--components", Integer.toString(kind.components), "--b-delay", LEAD_SECONDS)
                .with("--a-role", turned ? "controlled" : "controlling")
                .with("--b-role", turned ? "controlling" : "controlled");
    }

    /** Whoever the other is, ours is started with the same words. */
    private Cell either(Program other, Side ours, boolean relay) {
        Program icepath = Program.icepath().with("--profile auto --report");
        Program served = relay
                ? icepath.with(
                        edge.forIcepath("udp"), "--turn " + relayed.server(ours) + ":" + relayed.credentials() + ":udp")
                : icepath;
        return new Cell(
                "auto-" + other.name() + (ours == Side.A ? "-controlling" : "-controlled") + (relay ? "-relay" : ""),
                relay ? Requirement.RELAYED : Requirement.DIRECT,
                run -> between(relay, ours, served, other));
    }

    private Meeting between(boolean relay, Side ours, Program icepath, Program other) {
        Network network = relay ? relayed : direct;
        return ours == Side.A ? Meeting.of(network, icepath, other) : Meeting.of(network, other, icepath);
    }
}
