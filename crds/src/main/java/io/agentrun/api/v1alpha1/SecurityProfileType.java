package io.agentrun.api.v1alpha1;

/** Where a security profile comes from. */
public enum SecurityProfileType {
    /** The container runtime's own. */
    RuntimeDefault,
    /** A profile that an administrator placed on the node. */
    Localhost
}
