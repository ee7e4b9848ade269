package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** Reads off a pod's Events what its status does not show: volumes that can't be mounted, a sandbox that can't be made. */
final class PodWarnings {
    private PodWarnings() {}

    /** The problem that the Events show; empty once the agent runs, since Events outlive their cause. */
    static Optional<Problem> of(Pod pod, List<Event> warnings) {
        if (PodProblems.ready(pod)
                || PodProblems.running(pod, AgentContainer.NAME).isPresent()) {
            return Optional.empty();
        }
        return warnings.stream()
                // The kubelet's caches catching up with a new pod: over by itself in a second.
                .filter(event ->
                        event.getMessage() == null || !event.getMessage().contains("timed out waiting for"))
                .map(event -> problem(event, pod))
                .findFirst();
    }

    private static Problem problem(Event event, Pod pod) {
        var message = event.getMessage() == null ? "" : event.getMessage();
        return StartProblems.missing(message).orElseGet(() -> {
            if (message.contains("user namespaces")) {
                return new Problem(
                        "UserNamespacesUnsupported",
                        "the node of pod " + PodProblems.name(pod) + " can't give it a user namespace: " + message
                                + ". Remove isolation.userNamespace, or use nodes whose runtime supports it");
            }
            return "FailedMount".equals(event.getReason())
                    ? new Problem(
                            "VolumeFailed",
                            "a volume of pod " + PodProblems.name(pod) + " can't be mounted: " + message
                                    + ". Correct spec.volumes, or mend the volume")
                    : new Problem(
                            "SandboxFailed",
                            "the node of pod " + PodProblems.name(pod) + " can't make its sandbox: " + message
                                    + ". Mend the node's container runtime or network, or correct"
                                    + " isolation.runtimeClassName");
        });
    }
}
