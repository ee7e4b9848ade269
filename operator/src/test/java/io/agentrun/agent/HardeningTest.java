package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way to weaken a rendered pod is seen, and nothing else is said. */
class HardeningTest {
    static Stream<Arguments> weakenings() {
        return Stream.of(
                pod("shares a namespace of the host", p -> p.getSpec().setHostNetwork(true)),
                pod("shares a namespace of the host", p -> p.getSpec().setHostPID(true)),
                pod("shares a namespace of the host", p -> p.getSpec().setHostIPC(true)),
                pod("mounts a service account token", p -> p.getSpec().setAutomountServiceAccountToken(true)),
                pod("mounts a service account token", p -> p.getSpec().setAutomountServiceAccountToken(null)),
                pod(
                        "mounts a path of the host",
                        p -> p.getSpec()
                                .getVolumes()
                                .add(new VolumeBuilder()
                                        .withName("host")
                                        .withNewHostPath("/", "Directory")
                                        .build())),
                pod(
                        "runs without a seccomp profile",
                        p -> p.getSpec().getSecurityContext().setSeccompProfile(null)),
                pod(
                        "runs without a seccomp profile",
                        p -> p.getSpec()
                                .getSecurityContext()
                                .getSeccompProfile()
                                .setType("Unconfined")),
                pod("runs without a seccomp profile", p -> p.getSpec().setSecurityContext(null)),
                pod(
                        "mounts a service account token",
                        p -> p.getSpec()
                                .getVolumes()
                                .add(new VolumeBuilder()
                                        .withName("token")
                                        .withNewProjected()
                                        .addNewSource()
                                        .withNewServiceAccountToken("api", 3600L, "token")
                                        .endSource()
                                        .endProjected()
                                        .build())),
                pod(
                        "mounts volume share of a kind that the restricted standard forbids",
                        p -> p.getSpec()
                                .getVolumes()
                                .add(new VolumeBuilder()
                                        .withName("share")
                                        .withNewNfs("/", false, "192.0.2.1")
                                        .build())),
                pod(
                        "sets kernel parameters",
                        p -> p.getSpec().getSecurityContext().setSysctls(List.of(new Sysctl("kernel.msgmax", "1")))),
                pod(
                        "takes AppArmor off",
                        p -> p.getSpec()
                                .getSecurityContext()
                                .setAppArmorProfile(new AppArmorProfile(null, "Unconfined"))),
                pod(
                        "runs under SELinux options of its own",
                        p -> p.getSpec()
                                .getSecurityContext()
                                .setSeLinuxOptions(new SELinuxOptions(null, null, "spc_t", null))),
                container(
                        "container agent may run as root",
                        c -> c.getSecurityContext().setRunAsUser(0L)),
                container(
                        "container agent sees /proc unmasked",
                        c -> c.getSecurityContext().setProcMount("Unmasked")),
                container(
                        "container agent takes a port of the host",
                        c -> c.getPorts().getFirst().setHostPort(8080)),
                container(
                        "container agent takes AppArmor off",
                        c -> c.getSecurityContext().setAppArmorProfile(new AppArmorProfile(null, "Unconfined"))),
                pod(
                        "has the debug container probe",
                        p -> p.getSpec()
                                .setEphemeralContainers(List.of(new EphemeralContainerBuilder()
                                        .withName("probe")
                                        .build()))),
                container(
                        "container agent is privileged",
                        c -> c.getSecurityContext().setPrivileged(true)),
                container(
                        "container agent may escalate privileges",
                        c -> c.getSecurityContext().setAllowPrivilegeEscalation(null)),
                container(
                        "container agent can write its root file system",
                        c -> c.getSecurityContext().setReadOnlyRootFilesystem(false)),
                container(
                        "container agent may run as root",
                        c -> c.getSecurityContext().setRunAsNonRoot(false)),
                container(
                        "container agent keeps capabilities",
                        c -> c.getSecurityContext().setCapabilities(null)),
                container(
                        "container agent keeps capabilities",
                        c -> c.getSecurityContext().getCapabilities().setDrop(List.of("NET_RAW"))),
                container(
                        "container agent keeps capabilities",
                        c -> c.getSecurityContext().getCapabilities().setAdd(List.of("NET_ADMIN"))),
                container(
                        "container agent runs without a seccomp profile",
                        c -> c.getSecurityContext()
                                .setSeccompProfile(new SeccompProfileBuilder()
                                        .withType("Unconfined")
                                        .build())),
                container(
                        "container agent has no cpu and memory limits",
                        c -> c.getResources().setLimits(Map.of("cpu", new Quantity("1")))),
                container("container agent has no cpu and memory limits", c -> c.setResources(null)),
                pod(
                        "container isolated is privileged",
                        p -> p.getSpec()
                                .getInitContainers()
                                .getFirst()
                                .getSecurityContext()
                                .setPrivileged(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("weakenings")
    void everyWeakeningIsSeen(String fault, Consumer<Pod> weaken) {
        var pod = Pods.ready();
        weaken.accept(pod);
        assertThat(Hardening.faults(pod)).containsExactly(fault);
    }

    @Test
    void aRenderedPodHasNone() {
        assertThat(Hardening.faults(Pods.ready())).isEmpty();
    }

    @Test
    void aForeignSidecarIsJudgedWhole() {
        var pod = Pods.ready();
        pod.getSpec()
                .getContainers()
                .add(new ContainerBuilder().withName("sidecar").build());
        assertThat(Hardening.faults(pod))
                .containsExactly(
                        "container sidecar may escalate privileges",
                        "container sidecar can write its root file system",
                        // No root: what it leaves out it has from its pod.
                        "container sidecar keeps capabilities",
                        "container sidecar has no cpu and memory limits");
    }

    @Test
    void aContainerIsRootWhenNeitherItNorItsPodSaysOtherwise() {
        var pod = Pods.ready();
        pod.getSpec().getSecurityContext().setRunAsNonRoot(null);
        pod.getSpec().getContainers().getFirst().getSecurityContext().setRunAsNonRoot(null);
        assertThat(Hardening.faults(pod)).containsExactly("container agent may run as root");
    }

    @Test
    void whatThePlatformAddsIsNoWeakness() {
        var pod = Pods.ready();
        pod.getSpec().getSecurityContext().setSeLinuxOptions(new SELinuxOptions("s0:c1,c2", null, null, null));
        pod.getSpec()
                .getVolumes()
                .add(new VolumeBuilder()
                        .withName("ca")
                        .withNewProjected()
                        .addNewSource()
                        .withNewConfigMap()
                        .withName("ca")
                        .endConfigMap()
                        .endSource()
                        .endProjected()
                        .build());
        assertThat(Hardening.faults(pod)).isEmpty();
    }

    private static Arguments pod(String fault, Consumer<Pod> weaken) {
        return arguments(fault, weaken);
    }

    private static Arguments container(String fault, Consumer<Container> weaken) {
        return pod(fault, p -> weaken.accept(p.getSpec().getContainers().getFirst()));
    }
}
