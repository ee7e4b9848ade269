package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    private static final Set<String> ENDED = Set.of("Failed", "Succeeded");

    /** Copies the collections. */
    Observation {
        pods = List.copyOf(pods);
        warnings = Map.copyOf(warnings);
        policies = List.copyOf(policies);
    }

    /** The pods that run or will: one that the kubelet ended (evicted, refused) stays behind as a record for days. */
    List<Pod> living() {
        return pods.stream().filter(Observation::lives).toList();
    }

    /** Those records. */
    List<Pod> ended() {
        return pods.stream().filter(pod -> !lives(pod)).toList();
    }

    private static boolean lives(Pod pod) {
        return pod.getStatus() == null
                || !ENDED.contains(String.valueOf(pod.getStatus().getPhase()));
    }
}
