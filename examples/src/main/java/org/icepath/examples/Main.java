// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.Objects;
import org.icepath.examples.call.CallCommand;
import org.icepath.examples.peer.PeerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code icepath} command line. */
@Command(
        name = "icepath",
        description = "Finds media paths: an ICE agent, and tools to look at what it does.",
        mixinStandardHelpOptions = true,
        version = "icepath 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CallCommand.class,
            PeerCommand.class,
            GatherCommand.class,
            NatCommand.class,
            DecodeCommand.class,
            RelayCommand.class
        })
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        // whoever drives a peer reads lines of JSON, not a usage text
        Objects.requireNonNull(commandLine.getSubcommands().get("peer"))
                .setParameterExceptionHandler(PeerCommand::refuse);
        return commandLine;
    }
}
