package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No inert fields: another value at any leaf of the spec's schema gives another child, effective value or condition. */
class InertFieldsTest {
    private static final Path CRD = Path.of("../crds/agents.agentrun.io-v1.yml");
    private static final Platform PLATFORM = new Platform(
            "agentrun-system",
            "gate:test",
            new Platform.Gateway("10.0.0.1"),
            List.of("169.254.0.0/16"),
            "10.0.0.2:443",
            Optional.empty(),
            "agentrun-worker.json",
            new Effective.Defaults(
                    "worker:test",
                    Map.of("cpu", new Quantity("100m"), "memory", new Quantity("256Mi")),
                    Map.of("cpu", new Quantity("1"), "memory", new Quantity("512Mi"))));

    static Stream<SchemaLeaves.Change> changes() {
        return SchemaLeaves.of(CRD).stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void everyLeafDoesSomething(SchemaLeaves.Change change) {
        assertThat(consequences(change.after()))
                .as("%s changes nothing: make it act, or take it out of the schema", change.path())
                .isNotEqualTo(consequences(change.before()));
    }

    private static String consequences(JsonNode json) {
        var agent = ((AgentReader.Read) AgentReader.read(json.toString())).agent();
        agent.getMetadata().setGeneration(1L);
        var effective = Effective.of(agent.getSpec(), Restriction.NONE, PLATFORM.defaults());
        var children = Children.render(agent, effective, PLATFORM, services(agent));
        var nothing = new Observation(Optional.empty(), List.of(), Map.of(), List.of(), true);
        var status = Report.status(agent, nothing, new Outcome.Applied(effective, false), Instant.EPOCH);
        return Serialization.asYaml(children) + effective.describe() + Serialization.asYaml(status);
    }

    /** Every Service that the agent names exists. */
    private static Map<String, Service> services(Agent agent) {
        return agent.getSpec().egress().services().stream()
                .map(wish -> new ServiceBuilder()
                        .withNewMetadata()
                        .withName(wish.name())
                        .endMetadata()
                        .withNewSpec()
                        .withClusterIP("10.1.1.1")
                        .withSelector(Map.of("app", wish.name()))
                        .withPorts(new ServicePortBuilder()
                                .withPort(wish.port())
                                .withNewTargetPort(wish.port())
                                .build())
                        .endSpec()
                        .build())
                .collect(
                        Collectors.toMap(service -> service.getMetadata().getName(), Function.identity(), (a, b) -> a));
    }
}
