package io.agentrun.api.v1alpha1;

/** What the owner wants of the agent right now (ledger AR-05, AR-06). */
public enum OperatingMode {
    /** Runs with {@code spec.replicas}. */
    Running,
    /** No pods; everything else stays, and {@code spec.replicas} keeps its number for the return. */
    Suspended,
    /** No pods, killed without grace, and no Service: for an agent that must not come back by scaling. */
    Terminated
}
