package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.EndpointProtocol;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.agentrun.kube.Difference;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Limit;
import io.agentrun.restriction.Quantities;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold of every agent that the rules accept, under any caps, over some hundred of them. */
class ConvergencePropertiesTest {
    private static final int SEEDS = 500;
    private static final List<Agent> AGENTS = RandomAgents.some(SEEDS, 2);
    private static final Service STORE = new ServiceBuilder()
            .withNewMetadata()
            .withName("store")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("10.96.3.1")
            .withSelector(Map.of("app", "store"))
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build();

    private static Restriction caps(long seed) {
        var random = new Random(seed);
        var resources = new TreeMap<String, Limit<Quantity>>();
        if (random.nextBoolean()) {
            resources.put("memory", Limit.of(new Quantity("300M"), "OperatorCap"));
        }
        return new Restriction(
                random.nextBoolean() ? Limit.of(random.nextInt(4), "OperatorCap") : null,
                resources,
                random.nextInt(3) == 0
                        ? Limit.of(List.of(EgressMode.values()).get(random.nextInt(3)), "OperatorCap")
                        : null,
                random.nextInt(3) == 0 ? Limit.of(IsolationLevel.Strict, "OperatorCap") : null,
                Collections.unmodifiableSortedSet(new TreeSet<>()));
    }

    private static List<HasMetadata> render(Agent agent) {
        var effective = effective(agent);
        return Children.render(agent, effective, GoldenCase.PLATFORM, Map.of("store", STORE));
    }

    private static Effective effective(Agent agent) {
        return Effective.of(agent.getSpec(), caps(agent.getSpec().hashCode()), GoldenCase.PLATFORM.defaults());
    }

    private static <T extends HasMetadata> T find(List<HasMetadata> children, Class<T> kind) {
        return children.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }

    /** The generator says something about everything, else the rest holds of nothing. */
    @Test
    void aGoodPartOfTheAgentsIsAcceptedAndOfEveryKind() {
        var modes = EnumSet.noneOf(EgressMode.class);
        var protocols = EnumSet.noneOf(EndpointProtocol.class);
        var levels = EnumSet.noneOf(IsolationLevel.class);
        var kinds = new TreeSet<String>();
        RandomAgents.each(AGENTS, agent -> {
            modes.add(agent.getSpec().egress().mode());
            protocols.add(agent.getSpec().endpoint().protocol());
            levels.add(agent.getSpec().isolation().level());
            render(agent).forEach(child -> kinds.add(child.getKind()));
        });
        assertThat(AGENTS).hasSizeGreaterThan(SEEDS / 5);
        assertThat(modes).containsExactly(EgressMode.values());
        assertThat(protocols).containsExactly(EndpointProtocol.values());
        assertThat(levels).containsExactly(IsolationLevel.values());
        assertThat(kinds).hasSameSizeAs(Children.KINDS);
    }

    @Test
    void renderingAgainFindsNoDifference() {
        RandomAgents.each(AGENTS, agent -> {
            var first = render(agent);
            var again = render(Serialization.clone(agent));
            assertThat(Serialization.asJson(again)).isEqualTo(Serialization.asJson(first));
            for (int i = 0; i < first.size(); i++) {
                assertThat(Difference.between(first.get(i), Serialization.clone(again.get(i))))
                        .isEmpty();
            }
        });
    }

    /** So that scaling never restarts a pod, and writes as little as it can. */
    @Test
    void replicasChangeNothingButTheNumbers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var few = RandomAgents.of(seed, 1);
            var many = RandomAgents.of(seed, 7);
            if (few.isEmpty() || many.isEmpty()) {
                continue;
            }
            // The caps of the same seed, whatever the number.
            var caps = caps(seed);
            assertThat(withoutNumbers(many.get(), caps)).as("seed %d", seed).isEqualTo(withoutNumbers(few.get(), caps));
        }
    }

    private static String withoutNumbers(Agent agent, Restriction caps) {
        var effective = Effective.of(agent.getSpec(), caps, GoldenCase.PLATFORM.defaults());
        return Serialization.asJson(
                Children.render(agent, effective, GoldenCase.PLATFORM, Map.of("store", STORE)).stream()
                        .filter(child -> !(child instanceof PodDisruptionBudget))
                        .map(Serialization::clone)
                        .peek(child -> {
                            if (child instanceof Deployment deployment) {
                                assertThat(deployment.getSpec().getReplicas())
                                        .isEqualTo(effective.replicas().value());
                                deployment.getSpec().setReplicas(0);
                            }
                            if (child instanceof HorizontalPodAutoscaler autoscaler) {
                                autoscaler.getSpec().setBehavior(null);
                            }
                        })
                        .toList());
    }

    @Test
    void everyPodIsHardAndTheGateIsFirst() {
        RandomAgents.each(AGENTS, agent -> {
            var template = find(render(agent), Deployment.class).getSpec().getTemplate();
            var pod = Pods.ready();
            pod.setSpec(template.getSpec());
            assertThat(Hardening.faults(pod)).isEmpty();
            assertThat(pod.getSpec().getInitContainers().getFirst().getName()).isEqualTo(AgentGate.NAME);
        });
    }

    /** The API server keeps the canonical writing, so that any other would differ from the wish for ever. */
    @Test
    void everyAmountIsCanonicalAndNoRequestIsAboveItsLimit() {
        RandomAgents.each(AGENTS, agent -> {
            var pod = find(render(agent), Deployment.class)
                    .getSpec()
                    .getTemplate()
                    .getSpec();
            pod.getVolumes().stream()
                    .filter(volume -> volume.getEmptyDir() != null)
                    .map(volume -> volume.getEmptyDir().getSizeLimit())
                    .forEach(size -> assertThat(size)
                            .hasToString(Quantities.canonical(size).toString()));
            for (var container : Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                    .toList()) {
                var limits = container.getResources().getLimits();
                container.getResources().getRequests().forEach((name, request) -> {
                    assertThat(request)
                            .hasToString(Quantities.canonical(request).toString());
                    assertThat(limits).containsKey(name);
                    assertThat(Quantities.SMALLER_FIRST.compare(request, limits.get(name)))
                            .as("%s: %s of %s", name, request, limits.get(name))
                            .isNotPositive();
                });
                limits.values()
                        .forEach(limit -> assertThat(limit)
                                .hasToString(Quantities.canonical(limit).toString()));
            }
        });
    }

    @Test
    void noRuleLetsEverybodyThrough() {
        RandomAgents.each(AGENTS, agent -> {
            var policy = find(render(agent), NetworkPolicy.class).getSpec();
            assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getPodSelector().getMatchLabels()).isEqualTo(Names.selector(agent));
            assertThat(policy.getIngress()).allSatisfy(rule -> {
                assertThat(rule.getFrom()).isNotEmpty();
                assertThat(rule.getPorts()).hasSize(1);
            });
            assertThat(policy.getEgress()).allSatisfy(rule -> {
                assertThat(rule.getTo()).isNotEmpty();
                assertThat(rule.getPorts().isEmpty())
                        .as("every port of a range, else named ones")
                        .isEqualTo(rule.getTo().getFirst().getIpBlock() != null);
            });
            assertThat(Stream.concat(
                            policy.getIngress().stream().flatMap(rule -> rule.getFrom().stream()),
                            policy.getEgress().stream().flatMap(rule -> rule.getTo().stream())))
                    .allMatch(peer -> peer.getIpBlock() != null || peer.getPodSelector() != null);
            if (effective(agent).egressMode().value() == EgressMode.None) {
                assertThat(policy.getEgress()).isEmpty();
            }
            if (agent.getSpec().endpoint().protocol() == EndpointProtocol.None) {
                assertThat(policy.getIngress()).isEmpty();
            }
        });
    }
}
