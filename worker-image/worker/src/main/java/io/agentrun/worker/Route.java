package io.agentrun.worker;

/** Answers GET on one path. */
@FunctionalInterface
interface Route {
    /** Gives the answer; a {@link WorkerException} becomes status 500 with its reason. */
    Answer get() throws WorkerException;
}
