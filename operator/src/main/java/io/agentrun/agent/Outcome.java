package io.agentrun.agent;

import io.agentrun.restriction.Effective;

/** How far one reconciliation came. */
sealed interface Outcome {
    /** Children are as wished, as far as writing goes. */
    record Applied(Effective effective, boolean waitsForRollout) implements Outcome {}

    /** Something must be mended in the agent, or beside it, by a person. */
    record Stalled(Problem problem) implements Outcome {}

    /** The cluster lacks something, or refuses a write; tried again by itself. */
    record Blocked(Problem problem) implements Outcome {}
}
