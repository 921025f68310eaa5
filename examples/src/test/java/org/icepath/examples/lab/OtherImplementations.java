// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.List;
import java.util.stream.Stream;
import org.icepath.examples.lab.Network.Side;

/** The meetings with other implementations: each of them, both roles, straight and with nothing but coturn between. */
final class OtherImplementations {

    private static final String TCP_ALONE = "--tcp on --udp off";

    private OtherImplementations() {}

    /** @param networks one that forwards between the two, and one that does not */
    static Stream<Cell> cells(List<WiredNetwork> networks) {
        Stream<Cell> full = others().flatMap(other -> Stream.of(Side.A, Side.B)
                .flatMap(ours -> Stream.of(false, true).map(relayed -> cell(networks, other, ours, relayed))));
        Stream<Cell> lite = others().map(other -> lite(networks.get(0), other));
        return Stream.concat(full, lite);
    }

    /** The meetings over TCP alone. */
    static Stream<Cell> tcpCells(List<WiredNetwork> networks) {
        return Stream.of(Program.libnice().with(TCP_ALONE), Program.chromium())
                .flatMap(other -> Stream.of(Side.A, Side.B).map(ours -> tcp(networks.get(0), other, ours)));
    }

    /** Ours has TCP candidates alone; Chromium's are active ones, which connect to our passive ones (RFC 6544). */
    private static Cell tcp(Network network, Program other, Side ours) {
        Program icepath = Program.icepath().with(TCP_ALONE);
        return new Cell(
                other.name() + (ours == Side.A ? "-icepath-controlling" : "-icepath-controlled") + "-tcp",
                Requirement.TCP,
                run -> ours == Side.A ? Meeting.of(network, icepath, other) : Meeting.of(network, other, icepath));
    }

    private static Stream<Program> others() {
        return Stream.of(Program.libnice(), Program.chromium());
    }

    /** Ours sends no checks; a full agent controls it (RFC 8445 §6.1.1). */
    private static Cell lite(Network network, Program other) {
        return new Cell(
                other.name() + "-icepath-lite",
                Requirement.DIRECT,
                run -> Meeting.of(network, other, Program.icepath().with("--lite")));
    }

    private static Cell cell(List<WiredNetwork> networks, Program other, Side ours, boolean relayed) {
        String name = other.name()
                + (ours == Side.A ? "-icepath-controlling" : "-icepath-controlled")
                + (relayed ? "-turn" : "-direct");
        Requirement requirement = relayed ? Requirement.RELAYED : Requirement.DIRECT;
        Network network = networks.get(relayed ? 1 : 0);
        return new Cell(name, requirement, run -> meeting(network, other, ours, relayed, run));
    }

    private static Meeting meeting(Network network, Program other, Side ours, boolean relayed, int run) {
        Program icepath = Program.patientIcepath();
        Program peer = other;
        if (relayed) {
            icepath = icepath.with(turn(network, ours));
            // with a relay on one side only, every second time: then the other one checks our relay directly
            peer = run % 2 == 0 ? other : other.with(turn(network, ours.other()));
        }
        return ours == Side.A ? Meeting.of(network, icepath, peer) : Meeting.of(network, peer, icepath);
    }

    private static String turn(Network network, Side side) {
        return "--turn " + network.server(side) + ":" + network.credentials() + ":udp";
    }
}
