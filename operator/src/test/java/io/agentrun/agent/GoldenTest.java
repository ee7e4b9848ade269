package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.agentrun.api.v1alpha1.EgressMode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every child of a few agents, whole, as a person reviews it. {@code -Dgolden.update} writes what is rendered now; the difference
 * is then judged in the commit.
 */
class GoldenTest {
    private static final Set<String> INPUTS = Set.of("in-agent.yaml", "in-service.yaml", "in-caps.properties");

    static List<GoldenCase> cases() {
        return GoldenCase.all();
    }

    @Test
    void thereAreCases() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(14);
    }

    @TestFactory
    Stream<DynamicNode> children() throws IOException {
        var nodes = Stream.<DynamicNode>builder();
        for (var golden : cases()) {
            var rendered = new TreeMap<String, String>();
            golden.children().forEach(child -> rendered.put(file(child), Serialization.asYaml(child)));
            if (Boolean.getBoolean("golden.update") || "".equals(System.getProperty("golden.update"))) {
                update(golden.folder(), rendered);
            }
            var expected = expected(golden.folder());
            var tests = Stream.<DynamicNode>builder();
            tests.add(dynamicTest("files", () -> assertThat(expected.keySet()).isEqualTo(rendered.keySet())));
            rendered.forEach((name, yaml) -> tests.add(dynamicTest(
                    name, () -> assertThat(yaml).as("%s/%s", golden, name).isEqualTo(expected.get(name)))));
            nodes.add(dynamicContainer(golden.toString(), tests.build()));
        }
        return nodes.build();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPodIsHard(GoldenCase golden) {
        var template = golden.child(Deployment.class).orElseThrow().getSpec().getTemplate();
        Pod pod = new PodBuilder()
                .withMetadata(template.getMetadata())
                .withSpec(template.getSpec())
                .build();
        assertThat(Hardening.faults(pod)).isEmpty();
        // What the restricted standard asks for beyond what the condition Hardened looks at.
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSpec().getSecurityContext().getSysctls()).isEmpty();
        assertThat(pod.getSpec().getVolumes())
                .allMatch(volume -> volume.getEmptyDir() != null
                        || volume.getConfigMap() != null
                        || volume.getSecret() != null
                        || volume.getPersistentVolumeClaim() != null);
        assertThat(Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                        .flatMap(container -> container.getPorts().stream()))
                .allMatch(port -> port.getHostPort() == null);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGateRunsFirst(GoldenCase golden) {
        var pod = golden.child(Deployment.class)
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getInitContainers().getFirst().getName()).isEqualTo(AgentGate.NAME);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNetworkIsClosedByDefault(GoldenCase golden) {
        assertThat(golden.children().getFirst()).isInstanceOf(NetworkPolicy.class);
        var policy = golden.child(NetworkPolicy.class).orElseThrow().getSpec();
        assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getPodSelector().getMatchLabels()).isEqualTo(Names.selector(golden.agent()));
        // A rule without peers lets everybody through.
        assertThat(policy.getEgress())
                .allSatisfy(rule -> assertThat(rule.getTo())
                        .isNotEmpty()
                        .allMatch(peer -> peer.getIpBlock() != null
                                || peer.getPodSelector() != null
                                || peer.getNamespaceSelector() != null));
        assertThat(policy.getIngress()).allSatisfy(rule -> {
            assertThat(rule.getFrom()).isNotEmpty();
            assertThat(rule.getPorts()).isNotEmpty();
        });
        if (golden.effective().egressMode().value() == EgressMode.None) {
            assertThat(policy.getEgress()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noPolicyReachesAProtectedRange(GoldenCase golden) {
        var blocks = golden.child(NetworkPolicy.class).orElseThrow().getSpec().getEgress().stream()
                .flatMap(rule -> rule.getTo().stream())
                .map(peer -> peer.getIpBlock())
                .filter(block -> block != null)
                .toList();
        for (var closed : GoldenCase.PLATFORM.protectedCidrs()) {
            for (var block : blocks) {
                assertThat(Cidr.of(closed).contains(Cidr.of(block.getCidr())))
                        .as("%s lies in %s", block.getCidr(), closed)
                        .isFalse();
                if (Cidr.of(block.getCidr()).contains(Cidr.of(closed))) {
                    assertThat(block.getExcept()).contains(closed);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyChildIsOursAndNamed(GoldenCase golden) {
        assertThat(golden.children()).allSatisfy(child -> {
            assertThat(child.getMetadata().getName()).isEqualTo(Names.child(golden.agent()));
            assertThat(child.getMetadata().getNamespace()).isEqualTo("golden");
            assertThat(child.getMetadata().getLabels()).isEqualTo(Names.labels(golden.agent()));
            assertThat(Children.KINDS).contains(child.getClass());
        });
    }

    private static String file(HasMetadata child) {
        return "out-" + child.getKind().toLowerCase(Locale.ROOT) + ".yaml";
    }

    private static Map<String, String> expected(Path folder) throws IOException {
        var expected = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                // A misspelt input is read by nobody, and looks like an output that nothing renders to.
                if (!INPUTS.contains(name)) {
                    expected.put(name, Files.readString(file));
                }
            }
        }
        return expected;
    }

    private static void update(Path folder, Map<String, String> rendered) throws IOException {
        for (var old : expected(folder).keySet()) {
            Files.delete(folder.resolve(old));
        }
        for (var child : rendered.entrySet()) {
            Files.writeString(folder.resolve(child.getKey()), child.getValue());
        }
    }
}
