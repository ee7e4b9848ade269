package io.agentrun.api.v1alpha1;

/** How an agent's port is spoken to. */
public enum EndpointProtocol {
    /** Health is an HTTP GET. */
    HTTP,
    /** Health is an accepted connection. */
    TCP,
    /** No port at all. */
    None
}
