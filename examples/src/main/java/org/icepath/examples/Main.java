// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.List;
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
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    /** In the order in which the usage text tells them. */
    private static final List<String> COMMANDS = List.of("call", "peer", "gather", "nat", "decode", "relay");

    private Main() {}

    /** Runs one command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** Knows the command that is named, or all where none is: half of a start would go into options that nobody asked for. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        boolean named = arguments.length > 0 && COMMANDS.contains(arguments[0]);
        for (String name : named ? List.of(arguments[0]) : COMMANDS) {
            commandLine.addSubcommand(subcommand(name));
        }
        refuseAsTheCommandDoes(commandLine);
        return commandLine;
    }

    /** Whoever drives a peer reads lines of JSON, not a usage text. The handler of the whole is asked, never that of a subcommand. */
    private static void refuseAsTheCommandDoes(CommandLine commandLine) {
        CommandLine.IParameterExceptionHandler usual = commandLine.getParameterExceptionHandler();
        commandLine.setParameterExceptionHandler(
                (problem, arguments) -> problem.getCommandLine().getCommand() instanceof PeerCommand
                        ? PeerCommand.refuse(problem)
                        : usual.handleParseException(problem, arguments));
    }

    private static CommandLine subcommand(String name) {
        return switch (name) {
            case "call" -> new CommandLine(new CallCommand());
            case "peer" -> new CommandLine(new PeerCommand());
            case "gather" -> new CommandLine(new GatherCommand());
            case "nat" -> new CommandLine(new NatCommand());
            case "decode" -> new CommandLine(new DecodeCommand());
            case "relay" -> new CommandLine(new RelayCommand());
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }
}
