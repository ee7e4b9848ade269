package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.api.v1alpha1.AgentRules;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The generator of changes misses no field, and changes validly. */
class SchemaLeavesTest {
    private static final Path CRD = Path.of("../crds/agents.agentrun.io-v1.yml");

    static Stream<SchemaLeaves.Change> changes() {
        return SchemaLeaves.of(CRD).stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void bothAgentsAreValidAndDifferAtTheLeaf(SchemaLeaves.Change change) {
        assertThat(violations(change.before())).isEmpty();
        assertThat(violations(change.after())).isEmpty();
        assertThat(change.after().at(change.pointer()))
                .isNotEqualTo(change.before().at(change.pointer()));
    }

    @Test
    void everyPartOfTheSpecIsThere() {
        var paths = changes().map(SchemaLeaves.Change::path).distinct().toList();
        assertThat(paths)
                .contains(
                        "spec.replicas",
                        "spec.command[]",
                        "spec.env[].secretKeyRef.key",
                        "spec.egress.services[].port",
                        "spec.resources.limits{memory}",
                        "spec.podMetadata.labels{example.com/key}",
                        "spec.isolation.ulimits.openFiles.soft",
                        "spec.ingress.from[].podLabels{example.com/key}")
                .hasSizeGreaterThan(70);
        assertThat(changes().filter(change -> change.path().equals("spec.egress.mode")))
                .as("each word of an enum")
                .hasSize(2);
    }

    private static List<String> violations(JsonNode agent) {
        return switch (AgentReader.read(agent.toString())) {
            case AgentReader.Read read ->
                AgentRules.violations(
                        read.agent().getMetadata().getName(), read.agent().getSpec());
            case AgentReader.Refused refused -> refused.faults();
        };
    }
}
