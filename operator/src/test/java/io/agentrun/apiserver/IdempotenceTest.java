package io.agentrun.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.agentrun.agent.SchemaLeaves;
import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two reconciliations, one write: an Agent for every value of every field and for every golden case, and what the renderers write is what the API server
 * keeps, each of its defaults included. The second look is a new process's, which remembers nothing of what it wrote.
 */
@Tag("apiserver")
@EnableKubeAPIServer
class IdempotenceTest {
    private static final String NAMESPACE = "default";
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @KubeConfig
    static String kubeConfig;

    private static Config config;
    private static KubernetesClient admin;
    /** Name of each Agent, and what is set in it. */
    private static final Map<String, String> AGENTS = new TreeMap<>();

    @BeforeAll
    static void install() throws Exception {
        config = Config.fromKubeconfig(kubeConfig);
        admin = new KubernetesClientBuilder().withConfig(config).build();
        InProcessOperator.install(admin);
        for (var change : SchemaLeaves.of(AgentCrd.FILE)) {
            create("leaf-" + (AGENTS.size() + 1), change.before());
            create("leaf-" + (AGENTS.size() + 1), change.after());
        }
        try (var cases = Files.list(GOLDEN)) {
            for (var golden : cases.sorted().toList()) {
                goldenCase(golden);
            }
        }
    }

    /** Its Agent under a name of its own, and whatever else it brings along. */
    private static void goldenCase(Path golden) throws IOException {
        try (var files = Files.newDirectoryStream(golden, "in-*.yaml")) {
            for (var file : files) {
                try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
                    for (var document : documents.readAll()) {
                        var agent = document.get("kind").textValue().equals("Agent");
                        create(
                                agent
                                        ? "golden-" + golden.getFileName()
                                        : document.at("/metadata/name").textValue(),
                                document);
                    }
                }
            }
        }
    }

    private static void create(String name, ObjectNode object) {
        object.withObject("/metadata").put("name", name).put("namespace", NAMESPACE);
        if (object.get("kind").textValue().equals("Agent")) {
            AGENTS.put(name, object.get("spec").toString());
        } else if (!object.at("/spec/clusterIP").asText().equals("None")) {
            // An address of another cluster's range.
            object.withObject("/spec").remove("clusterIP");
        }
        admin.resource(object.toString()).create();
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    @Test
    void aSecondLookWritesAndAsksNothing() {
        try (var operator = InProcessOperator.start(config)) {
            awaitLooks(operator, 1);
            awaitQuiet(operator);
            assertThat(operator.writes().count()).isGreaterThanOrEqualTo(AGENTS.size() * 6L);
            assertThat(stuck()).isEmpty();
        }
        try (var anew = InProcessOperator.start(config)) {
            awaitLooks(anew, 1);
            awaitQuiet(anew);
            assertThat(anew.writes()).as("by a new process").isEmpty();
            anew.forget();
            AGENTS.keySet().forEach(IdempotenceTest::touch);
            awaitLooks(anew, 1);
            awaitQuiet(anew);
            assertThat(anew.writes()).as("after a touch").isEmpty();
            assertThat(anew.reads()).as("after a touch").isEmpty();
        }
    }

    /** Agents whose children could not be written: they would say nothing about defaults. */
    private static List<String> stuck() {
        return agents().stream()
                .filter(agent -> agent.getStatus().conditions().stream()
                        .anyMatch(c -> List.of("InvalidSpec", "WriteRefused", "NameTaken", "GatewayMissing")
                                .contains(c.reason())))
                .map(agent -> AGENTS.get(agent.getMetadata().getName()) + " "
                        + agent.getStatus().conditions())
                .toList();
    }

    private static List<Agent> agents() {
        return admin.resources(Agent.class).inNamespace(NAMESPACE).list().getItems();
    }

    private static void touch(String name) {
        admin.resources(Agent.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"example.com/touched\":\"now\"}}}");
    }

    private static void awaitLooks(InProcessOperator operator, int looks) {
        Awaitility.await("every agent to be looked at")
                .atMost(Duration.ofMinutes(2))
                .until(() -> AGENTS.keySet().stream().allMatch(name -> operator.reconciliations(name) >= looks));
    }

    private static void awaitQuiet(InProcessOperator operator) {
        var last = new AtomicInteger(-1);
        Awaitility.await("no write for two seconds")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    var now = (int) operator.writes().count();
                    return last.getAndSet(now) == now;
                });
    }
}
