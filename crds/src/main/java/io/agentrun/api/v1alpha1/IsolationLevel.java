package io.agentrun.api.v1alpha1;

/** How hard a pod is shut in; the order of the constants is the order of strictness. */
public enum IsolationLevel {
    /** The restricted Pod Security Standard, a read-only root and no token. */
    Restricted,
    /** Restricted, with the seccomp profile that the operator ships instead of the runtime's, and without Direct egress. */
    Strict
}
