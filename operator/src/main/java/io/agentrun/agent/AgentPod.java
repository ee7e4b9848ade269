package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.EgressService;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.agentrun.api.v1alpha1.Scheduling;
import io.agentrun.api.v1alpha1.SecurityProfile;
import io.agentrun.api.v1alpha1.SecurityProfileType;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.HostAliasBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodDNSConfigBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The pod template: the restricted Pod Security Standard and more, whatever the agent asks for. */
final class AgentPod {
    /** Annotation that carries {@code spec.restartAt} into the template. */
    static final String RESTARTED_AT = "agentrun.io/restarted-at";
    /** User, group and file-system group of every container. */
    static final long USER = 65532L;

    private AgentPod() {}

    static PodTemplateSpec template(
            Agent agent, Effective effective, Platform platform, Map<String, Service> services) {
        var spec = agent.getSpec();
        var labels = new TreeMap<>(spec.podMetadata().labels());
        labels.putAll(Names.labels(agent));
        var annotations = new TreeMap<>(spec.podMetadata().annotations());
        if (spec.restartAt() != null) {
            annotations.put(RESTARTED_AT, spec.restartAt());
        }
        var pod = new PodSpecBuilder()
                .withServiceAccountName(Names.child(agent))
                .withServiceAccount(Names.child(agent))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withRestartPolicy("Always")
                .withSchedulerName("default-scheduler")
                .withTerminationGracePeriodSeconds(AgentContainer.gracePeriod(spec))
                .withSecurityContext(securityContext(agent, effective, platform))
                .withHostAliases(hostAliases(spec.egress().services(), services))
                .withRuntimeClassName(spec.isolation().runtimeClassName())
                .withPriorityClassName(spec.scheduling().priorityClassName())
                .withImagePullSecrets(spec.imagePullSecrets().stream()
                        .map(ref -> new LocalObjectReference(ref.name()))
                        .toList())
                .withNodeSelector(new TreeMap<>(spec.scheduling().nodeSelector()))
                .withTolerations(spec.scheduling().tolerations().stream()
                        .map(AgentPod::toleration)
                        .toList())
                .withTopologySpreadConstraints(spread(agent, spec.scheduling()))
                .withInitContainers(AgentGate.container(agent, effective, platform))
                .withContainers(AgentContainer.render(agent, effective, platform))
                .withVolumes(AgentVolumes.volumes(agent));
        if (spec.isolation().userNamespace()) {
            pod.withHostUsers(false);
        }
        if (effective.egressMode().value() == EgressMode.Direct) {
            pod.withDnsPolicy("ClusterFirst");
        } else {
            // Nothing resolves in the pod: the gateway does. A nameserver that refuses at once beats a time-out.
            pod.withDnsPolicy("None")
                    .withDnsConfig(new PodDNSConfigBuilder()
                            .withNameservers("127.0.0.1")
                            .build());
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withSpec(pod.build())
                .build();
    }

    private static PodSecurityContext securityContext(Agent agent, Effective effective, Platform platform) {
        var isolation = agent.getSpec().isolation();
        var context = new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch");
        var seccomp =
                seccomp(isolation.seccompProfile(), effective.isolationLevel().value(), platform);
        context.withNewSeccompProfile()
                .withType(seccomp.type().name())
                .withLocalhostProfile(seccomp.localhostProfile())
                .endSeccompProfile();
        if (isolation.appArmorProfile() != null) {
            context.withNewAppArmorProfile()
                    .withType(isolation.appArmorProfile().type().name())
                    .withLocalhostProfile(isolation.appArmorProfile().localhostProfile())
                    .endAppArmorProfile();
        }
        return context.build();
    }

    private static SecurityProfile seccomp(SecurityProfile wish, IsolationLevel level, Platform platform) {
        var shipped = new SecurityProfile(SecurityProfileType.Localhost, platform.shippedSeccompProfile());
        return switch (level) {
            case Restricted -> wish == null ? new SecurityProfile(SecurityProfileType.RuntimeDefault, null) : wish;
            // A cap may have raised the level of an agent that asked for RuntimeDefault.
            case Strict -> wish == null || wish.type() == SecurityProfileType.RuntimeDefault ? shipped : wish;
        };
    }

    /** Names of the Services that the agent may reach, since it has no DNS: one entry an address, in the owner's order. */
    private static List<HostAlias> hostAliases(List<EgressService> wishes, Map<String, Service> services) {
        return wishes.stream()
                .map(wish -> services.get(wish.name()))
                .filter(Objects::nonNull)
                .filter(service -> service.getSpec().getClusterIP() != null
                        && !service.getSpec().getClusterIP().isEmpty()
                        && !"None".equals(service.getSpec().getClusterIP()))
                .distinct()
                .map(service -> new HostAliasBuilder()
                        .withIp(service.getSpec().getClusterIP())
                        .withHostnames(service.getMetadata().getName())
                        .build())
                .toList();
    }

    private static Toleration toleration(io.agentrun.api.v1alpha1.Toleration toleration) {
        return new TolerationBuilder()
                .withKey(toleration.key())
                .withOperator(toleration.operator().name())
                .withValue(toleration.value())
                .withEffect(
                        toleration.effect() == null ? null : toleration.effect().name())
                .withTolerationSeconds(
                        toleration.tolerationSeconds() == null
                                ? null
                                : toleration.tolerationSeconds().longValue())
                .build();
    }

    private static List<TopologySpreadConstraint> spread(Agent agent, Scheduling scheduling) {
        return scheduling.topologySpread().stream()
                .map(spread -> new TopologySpreadConstraintBuilder()
                        .withMaxSkew(spread.maxSkew())
                        .withTopologyKey(spread.topologyKey())
                        .withWhenUnsatisfiable(spread.whenUnsatisfiable().name())
                        .withNewLabelSelector()
                        .withMatchLabels(Names.selector(agent))
                        .endLabelSelector()
                        .build())
                .toList();
    }
}
