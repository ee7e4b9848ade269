package io.agentrun.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On the rendered children themselves: what counts as a difference, and what the API server may add. */
class DifferenceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/minimal");

    static Stream<Arguments> weakenings() {
        return Stream.of(
                tampered("spec.replicas", d -> d.getSpec().setReplicas(2)),
                tampered(
                        "metadata.labels[agentrun.io/agent]",
                        d -> d.getMetadata().getLabels().put("agentrun.io/agent", "other")),
                tampered(
                        "metadata.labels[agentrun.io/agent]",
                        d -> d.getMetadata().setLabels(null)),
                tampered("spec.template.spec.hostNetwork", d -> pod(d).setHostNetwork(true)),
                tampered(
                        "spec.template.spec.automountServiceAccountToken",
                        d -> pod(d).setAutomountServiceAccountToken(true)),
                tampered(
                        "spec.template.spec.containers",
                        d -> pod(d).getContainers()
                                .add(new ContainerBuilder().withName("sidecar").build())),
                tampered(
                        "spec.template.spec.containers[0].image",
                        d -> pod(d).getContainers().getFirst().setImage("example.com/evil:1")),
                tampered("spec.template.spec.initContainers", d -> pod(d).setInitContainers(List.of())),
                tampered(
                        "spec.template.spec.containers[0].securityContext.capabilities.add",
                        d -> pod(d).getContainers()
                                .getFirst()
                                .getSecurityContext()
                                .getCapabilities()
                                .setAdd(List.of("NET_ADMIN"))),
                tampered(
                        "spec.template.spec.containers[0].env[0].name",
                        d -> Collections.swap(pod(d).getContainers().getFirst().getEnv(), 0, 1)),
                tampered(
                        "spec.template.spec.volumes[1].hostPath",
                        d -> pod(d).getVolumes().get(1).setHostPath(new HostPathVolumeSource("/", null))),
                tampered("spec.paused", d -> d.getSpec().setPaused(true)),
                // A wish is canonical, so that another writing of the amount is not the API server's.
                tampered(
                        "spec.template.spec.containers[0].resources.limits.cpu",
                        d -> pod(d).getContainers()
                                .getFirst()
                                .getResources()
                                .getLimits()
                                .put("cpu", new Quantity("1000m"))),
                tampered(
                        "spec.template.metadata.annotations",
                        d -> d.getSpec().getTemplate().getMetadata().setAnnotations(Map.of("example.com/a", "b"))),
                tampered(
                        "spec.template.spec.containers[0].resources.limits.cpu",
                        d -> pod(d).getContainers()
                                .getFirst()
                                .getResources()
                                .getLimits()
                                .put("cpu", new Quantity("2"))),
                tampered(
                        "spec.strategy.rollingUpdate",
                        d -> d.getSpec().getStrategy().setRollingUpdate(null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("weakenings")
    void everyOtherFieldCounts(String path, Consumer<Deployment> tamper) {
        var have = deployment();
        tamper.accept(have);
        assertThat(Difference.between(deployment(), have)).contains(path);
    }

    @Test
    void whatTheServerKeepsBesideTheWishDoesNot() {
        var have = new DeploymentBuilder(deployment())
                .editMetadata()
                .withUid("u")
                .withResourceVersion("7")
                .withGeneration(3L)
                .addToLabels("example.com/foreign", "label")
                .addToAnnotations("deployment.kubernetes.io/revision", "1")
                .endMetadata()
                .withNewStatus()
                .withReplicas(1)
                .endStatus()
                .build();
        assertThat(Difference.between(deployment(), have)).isEmpty();
    }

    @Test
    void absentAndEmptyListsAreTheSame() {
        var have = deployment();
        pod(have).setTolerations(List.of());
        pod(have).setHostAliases(null);
        assertThat(Difference.between(deployment(), have)).isEmpty();
    }

    @Test
    void aForeignRuleInTheNetworkPolicyIsSeen() {
        var opened = new NetworkPolicyBuilder(policy())
                .editSpec()
                .addToEgress(new NetworkPolicyEgressRule())
                .endSpec()
                .build();
        assertThat(Difference.between(policy(), opened)).contains("spec.egress");
        var narrowed = new NetworkPolicyBuilder(policy())
                .editSpec()
                .withPolicyTypes("Ingress")
                .endSpec()
                .build();
        assertThat(Difference.between(policy(), narrowed)).contains("spec.policyTypes");
        var elsewhere = new NetworkPolicyBuilder(policy())
                .editSpec()
                .editPodSelector()
                .addToMatchLabels("nobody", "carries-this")
                .endPodSelector()
                .endSpec()
                .build();
        assertThat(Difference.between(policy(), elsewhere)).contains("spec.podSelector.matchLabels.nobody");
    }

    @Test
    void anAllocatedAddressIsTheServers() {
        var want = read("out-service.yaml", Service.class);
        var have = new ServiceBuilder(want)
                .editSpec()
                .withClusterIP("10.96.1.1")
                .withClusterIPs("10.96.1.1")
                .withIpFamilies("IPv4")
                .withIpFamilyPolicy("SingleStack")
                .endSpec()
                .build();
        assertThat(Difference.between(want, have)).isEmpty();
        have.getSpec().setExternalIPs(List.of("192.0.2.1"));
        assertThat(Difference.between(want, have)).contains("spec.externalIPs");
        have.getSpec().setExternalIPs(List.of());
        have.getSpec().setType("NodePort");
        assertThat(Difference.between(want, have)).contains("spec.type");
    }

    @Test
    void aServiceAccountsTokensAreTheServersAndItsPullSecretsAreNot() {
        var want = new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("agent-bot")
                .withLabels(Map.of())
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
        var have = new ServiceAccountBuilder(want)
                .withSecrets(new ObjectReference())
                .build();
        assertThat(Difference.between(want, have)).isEmpty();
        have.setImagePullSecrets(List.of(new LocalObjectReference("foreign")));
        assertThat(Difference.between(want, have)).contains("imagePullSecrets");
    }

    @Test
    void everyKeyOfAConfigMapCounts() {
        var want = read("out-configmap.yaml", ConfigMap.class);
        var have = read("out-configmap.yaml", ConfigMap.class);
        have.getData().put("other.json", "{}");
        assertThat(Difference.between(want, have)).contains("data.other.json");
        have = read("out-configmap.yaml", ConfigMap.class);
        have.getData().put("agent.json", "{}");
        assertThat(Difference.between(want, have)).contains("data.agent.json");
        have = read("out-configmap.yaml", ConfigMap.class);
        have.setImmutable(true);
        assertThat(Difference.between(want, have)).contains("immutable");
    }

    /** An empty selector or emptyDir says something; an absent one does not. */
    @Test
    void anEmptyObjectIsNotAbsent() {
        var everybody = new NetworkPolicyBuilder(policy())
                .editSpec()
                .editIngress(0)
                .editFrom(1)
                .withNamespaceSelector(new LabelSelector())
                .endFrom()
                .endIngress()
                .endSpec()
                .build();
        assertThat(Difference.between(policy(), everybody))
                .contains("spec.ingress[0].from[1].namespaceSelector.matchLabels");
        var own = new NetworkPolicyBuilder(everybody)
                .editSpec()
                .editIngress(0)
                .editFrom(1)
                .withNamespaceSelector(null)
                .endFrom()
                .endIngress()
                .endSpec()
                .build();
        assertThat(Difference.between(everybody, own)).contains("spec.ingress[0].from[1].namespaceSelector");
    }

    @Test
    void aNumberIsANumberHoweverItIsRead() {
        var want = deployment();
        var have = deployment();
        want.getSpec().setAdditionalProperty("extra", 1);
        have.getSpec().setAdditionalProperty("extra", 1.0);
        assertThat(Difference.between(want, have)).isEmpty();
        have.getSpec().setAdditionalProperty("extra", 1.5);
        assertThat(Difference.between(want, have)).contains("spec.extra");
        have.getSpec().setAdditionalProperty("extra", "1");
        assertThat(Difference.between(want, have)).contains("spec.extra");
    }

    private static Arguments tampered(String path, Consumer<Deployment> tamper) {
        return arguments(path, tamper);
    }

    private static io.fabric8.kubernetes.api.model.PodSpec pod(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private static Deployment deployment() {
        return read("out-deployment.yaml", Deployment.class);
    }

    private static NetworkPolicy policy() {
        return read("out-networkpolicy.yaml", NetworkPolicy.class);
    }

    private static <T> T read(String file, Class<T> type) {
        try {
            return Serialization.unmarshal(Files.readString(GOLDEN.resolve(file)), type);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
