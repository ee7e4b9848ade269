package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges pods that exist, not the template they should have come from: an admission webhook, or a pod from before an upgrade,
 * may be weaker. The rules are the restricted Pod Security Standard plus read-only root, drop ALL, no token and limits.
 */
final class Hardening {
    private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

    private Hardening() {}

    /** What is wrong with a pod, in words; empty when it is as hard as it must be. */
    static List<String> faults(Pod pod) {
        var faults = new ArrayList<String>();
        var spec = pod.getSpec();
        if (Boolean.TRUE.equals(spec.getHostNetwork())
                || Boolean.TRUE.equals(spec.getHostPID())
                || Boolean.TRUE.equals(spec.getHostIPC())) {
            faults.add("shares a namespace of the host");
        }
        if (!Boolean.FALSE.equals(spec.getAutomountServiceAccountToken())) {
            faults.add("mounts a service account token");
        }
        if (spec.getVolumes().stream().anyMatch(volume -> volume.getHostPath() != null)) {
            faults.add("mounts a path of the host");
        }
        var seccomp = spec.getSecurityContext() == null
                ? null
                : spec.getSecurityContext().getSeccompProfile();
        if (seccomp == null || !SECCOMP.contains(seccomp.getType())) {
            faults.add("runs without a seccomp profile");
        }
        Stream.of(spec.getInitContainers(), spec.getContainers())
                .flatMap(List::stream)
                .forEach(container -> container(container, faults));
        Stream.ofNullable(spec.getEphemeralContainers())
                .flatMap(List::stream)
                .forEach(debug -> faults.add("has the debug container " + debug.getName()));
        return faults;
    }

    private static void container(Container container, List<String> faults) {
        var context = Objects.requireNonNullElseGet(container.getSecurityContext(), SecurityContext::new);
        var prefix = "container " + container.getName() + " ";
        if (Boolean.TRUE.equals(context.getPrivileged())) {
            faults.add(prefix + "is privileged");
        }
        if (!Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())) {
            faults.add(prefix + "may escalate privileges");
        }
        if (!Boolean.TRUE.equals(context.getReadOnlyRootFilesystem())) {
            faults.add(prefix + "can write its root file system");
        }
        if (!Boolean.TRUE.equals(context.getRunAsNonRoot())) {
            faults.add(prefix + "may run as root");
        }
        var capabilities = context.getCapabilities();
        if (capabilities == null
                || !capabilities.getDrop().contains("ALL")
                || !capabilities.getAdd().isEmpty()) {
            faults.add(prefix + "keeps capabilities");
        }
        var profile = context.getSeccompProfile();
        if (profile != null && !SECCOMP.contains(profile.getType())) {
            faults.add(prefix + "runs without a seccomp profile");
        }
        if (container.getResources() == null
                || container.getResources().getLimits() == null
                || !container.getResources().getLimits().keySet().containsAll(Set.of("cpu", "memory"))) {
            faults.add(prefix + "has no cpu and memory limits");
        }
    }
}
