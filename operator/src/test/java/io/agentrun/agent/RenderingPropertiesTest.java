package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Limit;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of every agent, over many made from a seed, so that a failure can be had again. */
class RenderingPropertiesTest {
    private static final int SEEDS = 200;
    private static final Set<String> MAPS =
            Set.of("labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests");

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSameWishGivesTheSameBytes(long seed) {
        // Made twice from the seed, keys in another order: nothing of the first rendering is shared with the second.
        assertThat(Serialization.asYaml(render(agent(seed, 2, false), Restriction.NONE)))
                .isEqualTo(Serialization.asYaml(render(agent(seed, 2, true), Restriction.NONE)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyMapIsSorted(long seed) throws JsonProcessingException {
        // Java's immutable maps keep one order for the life of a process, so rendering twice can't show it.
        for (var child : render(agent(seed, 2, false), Restriction.NONE)) {
            assertSorted(new ObjectMapper().readTree(Serialization.asJson(child)));
        }
    }

    private static void assertSorted(JsonNode node) {
        node.properties().forEach(field -> {
            if (MAPS.contains(field.getKey())) {
                assertThat(field.getValue().properties().stream().map(Map.Entry::getKey))
                        .as(field.getKey())
                        .isSorted();
            }
        });
        node.forEach(RenderingPropertiesTest::assertSorted);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void replicasAreNotPartOfTheTemplate(long seed) {
        var one = deployment(render(agent(seed, 1, false), Restriction.NONE));
        var many = deployment(render(agent(seed, 7, false), Restriction.NONE));
        assertThat(one.getSpec().getReplicas()).isEqualTo(1);
        assertThat(many.getSpec().getReplicas()).isEqualTo(7);
        assertThat(Serialization.asYaml(many.getSpec().getTemplate()))
                .isEqualTo(Serialization.asYaml(one.getSpec().getTemplate()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aCapOnReplicasReplacesNoPod(long seed) {
        var capped = new Restriction(Limit.of(2, "OperatorCap"), Map.of(), null, null, new TreeSet<>());
        var free = deployment(render(agent(seed, 7, false), Restriction.NONE));
        var held = deployment(render(agent(seed, 7, false), capped));
        assertThat(held.getSpec().getReplicas()).isEqualTo(2);
        TemplateHash.stamp(free);
        assertThat(TemplateHash.changed(held, free)).isFalse();
    }

    private static List<HasMetadata> render(Agent agent, Restriction restriction) {
        var effective = Effective.of(agent.getSpec(), restriction, GoldenCase.PLATFORM.defaults());
        return Children.render(agent, effective, GoldenCase.PLATFORM, Map.of());
    }

    private static Deployment deployment(List<HasMetadata> children) {
        return children.stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Agent agent(long seed, int replicas, boolean reversed) {
        var random = new Random(seed);
        return GoldenCase.agent("""
                apiVersion: agentrun.io/v1alpha1
                kind: Agent
                metadata: {name: bot-%d}
                spec:
                  replicas: %d
                  executionMode: %s
                  endpoint: {protocol: %s, port: %d}
                  egress: %s
                  isolation: {userNamespace: %b, scratch: [{path: /tmp, size: %dMi}]}
                  podMetadata: {labels: %s, annotations: %s}
                  scheduling: {nodeSelector: %s}
                  resources: {limits: %s}
                  env: [%s]
                  ingress: {from: [{podLabels: %s}]}
                """.formatted(
                        seed,
                        replicas,
                        random.nextBoolean() ? "Collaborative" : "Autonomous",
                        random.nextBoolean() ? "HTTP" : "TCP",
                        1024 + random.nextInt(60_000),
                        random.nextBoolean() ? "{mode: None}" : "{mode: Direct, cidrs: [0.0.0.0/0, \"fd00::/8\"]}",
                        random.nextBoolean(),
                        1 + random.nextInt(500),
                        map(random, "example.com/l", "v", reversed),
                        map(random, "example.com/a", "v", reversed),
                        map(random, "example.com/n", "v", reversed),
                        map(random, "example.com/device", "", reversed),
                        IntStream.range(0, random.nextInt(5))
                                .mapToObj(i -> "{name: V%d, value: x}".formatted(i))
                                .collect(Collectors.joining(", ")),
                        map(random, "example.com/p", "v", reversed)));
    }

    /** One to six entries with the value's number in quotes. */
    private static String map(Random random, String key, String value, boolean reversed) {
        var entries = new ArrayList<String>();
        for (int i = 0; i <= random.nextInt(6); i++) {
            entries.add("%s%d: \"%s%d\"".formatted(key, i, value, i + 1));
        }
        if (reversed) {
            Collections.reverse(entries);
        }
        return "{" + String.join(", ", entries) + "}";
    }
}
