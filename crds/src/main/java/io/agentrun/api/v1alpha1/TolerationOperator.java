package io.agentrun.api.v1alpha1;

/** How a toleration meets a taint. */
public enum TolerationOperator {
    /** Key and value are equal. */
    Equal,
    /** The key exists. */
    Exists
}
