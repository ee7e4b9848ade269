package io.agentrun.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.AgentStatus;
import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The CRD on a real API server: it installs, takes every example, refuses every bad one in the words that were promised. */
@Tag("apiserver")
@EnableKubeAPIServer
class AgentSchemaTest {
    private static final Path EXAMPLES = Path.of("../examples");
    private static final Path INVALID = EXAMPLES.resolve("invalid");
    private static final String EXPECT = "# expect: ";
    private static final ObjectMapper JSON = new ObjectMapper();

    @KubeConfig
    static String kubeConfig;

    @TempDir
    static Path folder;

    private static KubernetesClient client;
    private static CustomResourceDefinition crd;
    private static Kubectl kubectl;
    private static Map<Path, Kubectl.Result> applied;

    @BeforeAll
    static void install() throws Exception {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeConfig))
                .build();
        crd = AgentCrd.install(client);
        kubectl = Kubectl.of(kubeConfig, folder);
        applied = applyInvalid();
    }

    @AfterAll
    static void close() {
        client.close();
    }

    /** Four at a time: a kubectl spends most of its half second waiting. */
    private static Map<Path, Kubectl.Result> applyInvalid() throws Exception {
        var results = new TreeMap<Path, Kubectl.Result>();
        try (var executor = Executors.newFixedThreadPool(4)) {
            var running = new TreeMap<Path, Future<Kubectl.Result>>();
            for (var manifest : invalid().toList()) {
                running.put(manifest, executor.submit(() -> kubectl.run("apply", "-f", manifest.toString())));
            }
            for (var entry : running.entrySet()) {
                results.put(entry.getKey(), entry.getValue().get());
            }
        }
        return results;
    }

    static Stream<Path> invalid() throws IOException {
        try (var files = Files.list(INVALID)) {
            return files.sorted().toList().stream();
        }
    }

    static Stream<Path> valid() throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            return files
                    .filter(file -> file.toString().matches(".*\\.ya?ml") && !file.startsWith(INVALID))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void theSchemaIsStructuralAndItsNamesAreAccepted() {
        assertThat(crd.getStatus().getConditions())
                .filteredOn(c -> c.getStatus().equals("True"))
                .extracting("type")
                .contains("Established", "NamesAccepted")
                .doesNotContain("NonStructuralSchema");
    }

    /** Until 1.34 the estimate of a rule's cost leaves out the maxLength of an int-or-string. */
    @Test
    void theRulesAreCheapEnoughForKubernetes133() throws IOException {
        var older = AgentCrd.read(client);
        older.getSpec().setGroup("older.agentrun.io");
        older.getMetadata().setName("agents.older.agentrun.io");
        withoutMaxLengths(older.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema());
        assertThat(client.resource(older).dryRun().create()).isNotNull();
    }

    private static void withoutMaxLengths(JSONSchemaProps schema) {
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            schema.setMaxLength(null);
        }
        if (schema.getAdditionalProperties() != null) {
            withoutMaxLengths(schema.getAdditionalProperties().getSchema());
        }
        if (schema.getItems() != null) {
            withoutMaxLengths(schema.getItems().getSchema());
        }
        schema.getProperties().values().forEach(AgentSchemaTest::withoutMaxLengths);
    }

    @Test
    void thereAreAtLeastSixtyInvalidExamples() throws IOException {
        assertThat(invalid()).hasSizeGreaterThanOrEqualTo(60);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void anInvalidExampleIsRefusedWithItsMessage(Path manifest) throws IOException {
        var first = Files.readAllLines(manifest).getFirst();
        assertThat(first).startsWith(EXPECT).hasSizeGreaterThan(EXPECT.length());
        var result = applied.get(manifest);
        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains(first.substring(EXPECT.length()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void aValidExampleIsAccepted(Path file) throws IOException {
        for (var document : agents(file)) {
            assertThat(AgentCrd.dryRun(client, document.toString())).isInstanceOf(AgentCrd.Accepted.class);
        }
    }

    @Test
    void thereAreValidExamples() throws IOException {
        var count = 0;
        for (var file : valid().toList()) {
            count += agents(file).size();
        }
        assertThat(count).isPositive();
    }

    /** The Agents of a file; their namespaces do not exist here. */
    private static List<JsonNode> agents(Path file) throws IOException {
        try (var documents = new ObjectMapper(new YAMLFactory())
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(Files.readString(file))) {
            var agents = documents.readAll().stream()
                    .filter(document -> document.path("kind").asText().equals("Agent"))
                    .toList();
            agents.forEach(agent -> ((ObjectNode) agent.get("metadata")).put("namespace", "default"));
            return agents;
        }
    }

    @Test
    void theServersDefaultsAreTheRecords() throws IOException {
        var defaults = new AgentSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null);
        for (var spec : List.of("", ", \"spec\": {}", ", \"spec\": null")) {
            var json = "{\"apiVersion\": \"agentrun.io/v1alpha1\", \"kind\": \"Agent\", \"metadata\": {\"name\": \"a\"}"
                    + spec + "}";
            var answer = (AgentCrd.Accepted) AgentCrd.dryRun(client, json);
            assertThat(client.getKubernetesSerialization()
                            .unmarshal(answer.json(), Agent.class)
                            .getSpec())
                    .isEqualTo(defaults);
            // The server wrote them down: whoever reads the object without our records sees them, too.
            assertThat(JSON.readTree(answer.json())
                            .at("/spec/isolation/scratch/0/path")
                            .asText())
                    .isEqualTo("/tmp");
        }
    }

    @Test
    void scaleWorksAndIsValidated() throws IOException {
        create("scaled", "{}");
        var scale = (ObjectNode) JSON.readTree(client.raw(AgentCrd.AGENTS + "/scaled/scale"));
        assertThat(scale.at("/spec/replicas").intValue()).isEqualTo(1);

        var two = scale.deepCopy();
        two.withObject("/spec").put("replicas", 2);
        assertThat(AgentCrd.send(client, "PUT", AgentCrd.AGENTS + "/scaled/scale", two.toString()))
                .isInstanceOf(AgentCrd.Accepted.class);
        assertThat(agent("scaled").getSpec().replicas()).isEqualTo(2);
        assertThat(kubectl.run("scale", "agent", "scaled", "--replicas=3").output())
                .contains("scaled");
        assertThat(agent("scaled").getSpec().replicas()).isEqualTo(3);
        assertThat(kubectl.run("scale", "agent", "scaled", "--replicas=1001").output())
                .contains("should be less than or equal to 1000");

        client.resource(agent("scaled")).editStatus(agent -> withSelector(agent, "a=b"));
        scale = (ObjectNode) JSON.readTree(client.raw(AgentCrd.AGENTS + "/scaled/scale"));
        assertThat(scale.at("/status/selector").asText()).isEqualTo("a=b");
        assertThat(scale.at("/status/replicas").intValue()).isEqualTo(3);
    }

    private static Agent withSelector(Agent agent, String selector) {
        agent.setStatus(new AgentStatus(null, null, 3, null, selector, null, null, null));
        return agent;
    }

    @Test
    void aContinuousAgentCanNotBeScaled() {
        create("continuous", "{\"executionMode\": \"Continuous\"}");
        assertThat(kubectl.run("scale", "agent", "continuous", "--replicas=2").output())
                .contains("executionMode Continuous runs one replica");
        assertThat(kubectl.run("scale", "agent", "continuous", "--replicas=0").exitCode())
                .isZero();
    }

    @Test
    void twoManagersShareAKeyedList() {
        create("shared", "{}");
        apply("one", "{\"env\": [{\"name\": \"A\", \"value\": \"1\"}]}");
        apply("two", "{\"env\": [{\"name\": \"B\", \"value\": \"2\"}]}");
        assertThat(agent("shared").getSpec().env()).extracting("name").containsExactly("A", "B");
    }

    private static void apply(String manager, String spec) {
        var json =
                "{\"apiVersion\": \"agentrun.io/v1alpha1\", \"kind\": \"Agent\", \"metadata\": {\"name\": \"shared\"},"
                        + " \"spec\": " + spec + "}";
        var file = folder.resolve(manager + ".json");
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var result = kubectl.run("apply", "--server-side", "--field-manager=" + manager, "-f", file.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void kubectlGetAndExplainSayWhatTriageNeeds() {
        create("listed", "{}");
        assertThat(kubectl.run("get", "agt", "listed")
                        .output()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .matches("NAME +MODE +PHASE +DESIRED +READY +REASON +ISOLATED +AGE *");
        assertThat(kubectl.run("explain", "agent.spec.egress.mode").output())
                .containsIgnoringWhitespaces("ENUM: Direct None Proxy", "Proxy: the gateway only.");
    }

    private static void create(String name, String spec) {
        var json = "{\"apiVersion\": \"agentrun.io/v1alpha1\", \"kind\": \"Agent\", \"metadata\": {\"name\": \"" + name
                + "\"}, \"spec\": " + spec + "}";
        assertThat(AgentCrd.send(client, "POST", AgentCrd.AGENTS, json)).isInstanceOf(AgentCrd.Accepted.class);
    }

    private static Agent agent(String name) {
        return client.resources(Agent.class)
                .inNamespace("default")
                .withName(name)
                .get();
    }
}
