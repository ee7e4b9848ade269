package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the words of kubelet and container runtime about a container that can't be made or started. */
final class StartProblems {
    private static final Pattern MISSING = Pattern.compile("(secret|configmap) \"([^\"]+)\" not found");
    private static final Pattern MISSING_KEY =
            Pattern.compile("couldn't find key (\\S+) in (Secret|ConfigMap) \\S*?([^/\\s]+)$");

    private StartProblems() {}

    /** Why the container can't be configured. */
    static Problem config(String message, Pod pod) {
        var object = missing(message);
        if (object.isPresent()) {
            return object.get();
        }
        var key = MISSING_KEY.matcher(message);
        if (key.find()) {
            return new Problem(
                    "KeyMissing",
                    key.group(2) + " " + key.group(3) + " has no key " + key.group(1)
                            + ": add it, or correct spec.env; the pod starts by itself then");
        }
        return new Problem(
                "ConfigInvalid",
                "the container of pod " + PodProblems.name(pod) + " can't be made: " + message
                        + ". Correct the image (it must run as a non-root user) or spec.env");
    }

    /** Why the container can't be made, or its process not started. */
    static Problem start(String message, Pod pod) {
        if (message.contains("seccomp")) {
            return new Problem(
                    "SeccompProfileMissing",
                    "the node of pod " + PodProblems.name(pod) + " has no such seccomp profile: " + message
                            + ". Place it below the kubelet's seccomp folder, or correct isolation.seccompProfile");
        }
        if (message.contains("apparmor") || message.contains("AppArmor")) {
            return appArmor(message, pod);
        }
        return new Problem(
                "StartFailed",
                "the container of pod " + PodProblems.name(pod) + " can't be started: " + message
                        + ". Correct spec.command, spec.args or the image");
    }

    /** The node can't confine the pod as it is asked to. */
    static Problem appArmor(String message, Pod pod) {
        return new Problem(
                "AppArmorUnavailable",
                "the node of pod " + PodProblems.name(pod) + " can't apply the AppArmor profile: " + message
                        + ". Load it there, or remove isolation.appArmorProfile");
    }

    /** The Secret or ConfigMap that the kubelet says is not there. */
    static Optional<Problem> missing(String message) {
        var object = MISSING.matcher(message);
        if (!object.find()) {
            return Optional.empty();
        }
        var secret = object.group(1).equals("secret");
        return Optional.of(new Problem(
                secret ? "SecretMissing" : "ConfigMapMissing",
                (secret ? "Secret " : "ConfigMap ") + object.group(2)
                        + " does not exist in the agent's namespace: create it, or correct spec.env or spec.volumes; the pod"
                        + " starts by itself then"));
    }
}
