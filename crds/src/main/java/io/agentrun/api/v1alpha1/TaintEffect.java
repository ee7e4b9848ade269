package io.agentrun.api.v1alpha1;

/** What a taint does to pods that do not tolerate it. */
public enum TaintEffect {
    /** They are not scheduled here. */
    NoSchedule,
    /** They are scheduled elsewhere if possible. */
    PreferNoSchedule,
    /** They are evicted. */
    NoExecute
}
