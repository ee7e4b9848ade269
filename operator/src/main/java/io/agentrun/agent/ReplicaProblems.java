package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads off a Deployment why its pods are not even created. */
final class ReplicaProblems {
    private static final Pattern CLASS = Pattern.compile("RuntimeClass \"([^\"]+)\" not found");
    private static final Pattern PRIORITY = Pattern.compile("no PriorityClass with name (\\S+) was found");

    private ReplicaProblems() {}

    static Optional<Problem> of(Deployment deployment) {
        if (deployment.getStatus() == null) {
            return Optional.empty();
        }
        return deployment.getStatus().getConditions().stream()
                .filter(c ->
                        c.getType().equals("ReplicaFailure") && c.getStatus().equals("True"))
                .findFirst()
                .map(c -> problem(c.getMessage() == null ? "" : c.getMessage()));
    }

    private static Problem problem(String message) {
        var runtime = CLASS.matcher(message);
        if (runtime.find()) {
            return new Problem(
                    "RuntimeClassMissing",
                    "RuntimeClass " + runtime.group(1)
                            + " does not exist: install it, or correct isolation.runtimeClassName");
        }
        var priority = PRIORITY.matcher(message);
        if (priority.find()) {
            return new Problem(
                    "PriorityClassMissing",
                    "PriorityClass " + priority.group(1)
                            + " does not exist: create it, or correct scheduling.priorityClassName");
        }
        if (message.contains("exceeded quota")) {
            return new Problem(
                    "QuotaExceeded",
                    "the namespace's quota leaves no room for the pods: " + message
                            + ". Raise the ResourceQuota, or lower replicas or resources");
        }
        if (message.contains("violates PodSecurity")) {
            return new Problem(
                    "PodSecurityRefused",
                    "Pod Security refuses the pods: " + message
                            + ". This is never right for a pod of the operator: report it with this message");
        }
        if (message.contains("per Container") || message.contains("per Pod")) {
            return new Problem(
                    "LimitRangeRefused",
                    "a LimitRange of the namespace refuses the pods: " + message
                            + ". Correct resources to lie within it");
        }
        return new Problem(
                "PodRefused",
                "the API server refuses the pods: " + message
                        + ". Mend what the message names, then the pods come by themselves");
    }
}
