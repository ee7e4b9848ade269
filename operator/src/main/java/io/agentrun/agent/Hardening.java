package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
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
    private static final Set<String> SELINUX =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private Hardening() {}

    /** What is wrong with a pod, in words; empty when it is as hard as it must be. */
    static List<String> faults(Pod pod) {
        var faults = new ArrayList<String>();
        var spec = pod.getSpec();
        var context = Objects.requireNonNullElseGet(spec.getSecurityContext(), PodSecurityContext::new);
        host(spec, faults);
        spec.getVolumes().forEach(volume -> volume(volume, faults));
        if (!context.getSysctls().isEmpty()) {
            faults.add("sets kernel parameters");
        }
        var seccomp = context.getSeccompProfile();
        if (seccomp == null || !SECCOMP.contains(seccomp.getType())) {
            faults.add("runs without a seccomp profile");
        }
        confinement("", context.getAppArmorProfile(), context.getSeLinuxOptions(), faults);
        Stream.of(spec.getInitContainers(), spec.getContainers())
                .flatMap(List::stream)
                .forEach(container -> container(container, context, faults));
        Stream.ofNullable(spec.getEphemeralContainers())
                .flatMap(List::stream)
                .forEach(debug -> faults.add("has the debug container " + debug.getName()));
        return faults;
    }

    private static void host(PodSpec spec, List<String> faults) {
        if (Boolean.TRUE.equals(spec.getHostNetwork())
                || Boolean.TRUE.equals(spec.getHostPID())
                || Boolean.TRUE.equals(spec.getHostIPC())) {
            faults.add("shares a namespace of the host");
        }
        if (!Boolean.FALSE.equals(spec.getAutomountServiceAccountToken())) {
            faults.add("mounts a service account token");
        }
    }

    private static void volume(Volume volume, List<String> faults) {
        if (volume.getHostPath() != null) {
            faults.add("mounts a path of the host");
        } else if (volume.getProjected() != null) {
            if (volume.getProjected().getSources().stream()
                    .anyMatch(source -> source.getServiceAccountToken() != null)) {
                faults.add("mounts a service account token");
            }
        } else if (Stream.of(
                        volume.getConfigMap(),
                        volume.getSecret(),
                        volume.getEmptyDir(),
                        volume.getPersistentVolumeClaim(),
                        volume.getDownwardAPI(),
                        volume.getEphemeral(),
                        volume.getCsi())
                .allMatch(Objects::isNull)) {
            faults.add("mounts volume " + volume.getName() + " of a kind that the restricted standard forbids");
        }
    }

    private static void confinement(
            String prefix, AppArmorProfile appArmor, SELinuxOptions seLinux, List<String> faults) {
        if (appArmor != null && "Unconfined".equals(appArmor.getType())) {
            faults.add(prefix + "takes AppArmor off");
        }
        if (seLinux != null
                && (!SELINUX.contains(Objects.requireNonNullElse(seLinux.getType(), ""))
                        || seLinux.getUser() != null
                        || seLinux.getRole() != null)) {
            faults.add(prefix + "runs under SELinux options of its own");
        }
    }

    private static void container(Container container, PodSecurityContext pod, List<String> faults) {
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
        // What a container leaves out it has from its pod.
        var nonRoot = context.getRunAsNonRoot() == null ? pod.getRunAsNonRoot() : context.getRunAsNonRoot();
        var user = context.getRunAsUser() == null ? pod.getRunAsUser() : context.getRunAsUser();
        if (!Boolean.TRUE.equals(nonRoot) || Long.valueOf(0).equals(user)) {
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
        confinement(prefix, context.getAppArmorProfile(), context.getSeLinuxOptions(), faults);
        if (context.getProcMount() != null && !context.getProcMount().equals("Default")) {
            faults.add(prefix + "sees /proc unmasked");
        }
        if (container.getPorts().stream().anyMatch(port -> port.getHostPort() != null && port.getHostPort() != 0)) {
            faults.add(prefix + "takes a port of the host");
        }
        if (container.getResources() == null
                || container.getResources().getLimits() == null
                || !container.getResources().getLimits().keySet().containsAll(Set.of("cpu", "memory"))) {
            faults.add(prefix + "has no cpu and memory limits");
        }
    }
}
