package io.agentrun.worker;

/** How the worker's process ends. The codes are those of {@code sysexits.h} where it has one. */
enum Exit {
    /** Stopped by SIGTERM, every accepted request answered. */
    Drained(0),
    /** A variable of the environment has a value that makes no sense. */
    SettingInvalid(64),
    /** The agent's document is not a JSON object. */
    ConfigInvalid(65),
    /** The agent's document is missing, unreadable or too large. */
    ConfigUnreadable(66),
    /** The port cannot be listened on. */
    PortUnavailable(69),
    /** A fault of the worker itself. */
    InternalError(70),
    /** Stopped by SIGTERM, but a request was still running when the shutdown timeout ended. */
    DrainTimeout(75);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The exit code of the process. */
    int code() {
        return code;
    }
}
