package io.agentrun.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code agentrun}, also installed as {@code kubectl-agentrun}. */
@Command(
        name = "agentrun",
        description = "Works with AgentRun manifests without a cluster.",
        mixinStandardHelpOptions = true,
        version = "agentrun 0.1.0",
        subcommands = RenderCommand.class)
public final class Agentrun {
    /** Everything went well. */
    static final int OK = 0;
    /** A manifest is invalid; standard error says which and why. */
    static final int INVALID = 1;
    /** The command line or a file can't be used. */
    static final int UNUSABLE = 2;

    /** Runs one verb and ends the process with its exit code. */
    public static void main(String[] args) {
        var code = commandLine().execute(args);
        System.out.flush();
        System.err.flush();
        // The one way to give a shell an exit code; nothing is running that could be cut off.
        Runtime.getRuntime().halt(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Agentrun()).setExecutionExceptionHandler((exception, command, parsed) -> {
            var message = exception.getMessage() == null ? exception.toString() : exception.getMessage();
            command.getErr().println("error: " + message.lines().findFirst().orElse(message));
            return UNUSABLE;
        });
    }
}
