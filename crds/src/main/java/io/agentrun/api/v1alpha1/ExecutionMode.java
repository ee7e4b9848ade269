package io.agentrun.api.v1alpha1;

/** How an agent works, after the three pools of the orchestration runbook (ledger MO-56). */
public enum ExecutionMode {
    /** A pool of equal replicas behind one Service. */
    Collaborative,
    /** A pool that also works on its own; triggers belong to this mode. */
    Autonomous,
    /** Exactly one replica at a time: the old one is gone before the new one starts (ledger MO-83). */
    Continuous
}
