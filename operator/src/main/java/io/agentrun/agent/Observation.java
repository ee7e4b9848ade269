package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the caches show of one agent, as values.
 *
 * @param deployment the agent's own
 * @param pods the agent's own, ending ones too
 * @param warnings Events about those pods by pod name: failed mounts and sandboxes
 * @param policies every NetworkPolicy of the namespace
 * @param childrenProtected whether the admission policy {@code agentrun-children} and its binding are in force
 */
record Observation(
        Optional<Deployment> deployment,
        List<Pod> pods,
        Map<String, List<Event>> warnings,
        List<NetworkPolicy> policies,
        boolean childrenProtected) {
    /** Copies the collections. */
    Observation {
        pods = List.copyOf(pods);
        warnings = Map.copyOf(warnings);
        policies = List.copyOf(policies);
    }
}
