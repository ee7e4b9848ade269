package io.agentrun.api.v1alpha1;

/** One word for an agent; lossy by nature, the conditions say more. */
public enum Phase {
    /** Its pods are on their way. */
    Pending,
    /** Every wished replica serves. */
    Running,
    /** Some replica serves, not all of them. */
    Degraded,
    /** No replica serves and something is wrong. */
    Failed,
    /** Suspended by its owner. */
    Suspended,
    /** Terminated by its owner. */
    Terminated
}
