package io.agentrun.worker;

/** Something that whoever runs the agent can mend; its message says what is wrong, in one line, without secrets. */
final class WorkerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    WorkerException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    /** What the process ends with when this happens at start. */
    Exit exit() {
        return exit;
    }
}
