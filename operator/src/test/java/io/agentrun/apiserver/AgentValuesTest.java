package io.agentrun.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentrun.agent.SchemaLeaves;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.api.v1alpha1.AgentRules;
import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of values, good and nasty, at every leaf and every object of the schema: the API server and the offline reader come to
 * the same verdict, and what the server takes can be read, means the same, and breaks no list of all Agents.
 */
@Tag("apiserver")
@EnableKubeAPIServer
class AgentValuesTest {
    private static final List<SchemaLeaves.Change> CHANGES = SchemaLeaves.of(AgentCrd.FILE);

    @KubeConfig
    static String kubeConfig;

    private static KubernetesClient client;

    @BeforeAll
    static void install() throws IOException {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeConfig))
                .build();
        AgentCrd.install(client);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    static Stream<String> leaves() {
        return CHANGES.stream().map(SchemaLeaves.Change::path).distinct();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void serverAndReaderAgreeAtALeaf(String path) {
        var changes =
                CHANGES.stream().filter(change -> change.path().equals(path)).toList();
        var documents = new ArrayList<ObjectNode>();
        changes.forEach(change -> documents.add(change.before()));
        changes.forEach(change -> documents.add(change.after()));
        NastyValues.LEAF.forEach(value -> documents.add(changes.getFirst().with(value)));
        assertThat(changes)
                .allSatisfy(change -> assertThat(
                                AgentCrd.dryRun(client, change.after().toString()))
                        .as("the second valid value")
                        .isInstanceOf(AgentCrd.Accepted.class));
        assertThat(documents.stream().flatMap(AgentValuesTest::disagreement)).isEmpty();
    }

    @Test
    void serverAndReaderAgreeAtObjectsAndLists() {
        var seen = new HashSet<String>();
        var documents = new ArrayList<ObjectNode>();
        for (var change : CHANGES) {
            for (var pointer = parent(change.pointer()); !pointer.isEmpty(); pointer = parent(pointer)) {
                if (seen.add(pointer)) {
                    for (var value : NastyValues.NODE) {
                        documents.add(with(change, pointer, value));
                    }
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(30);
        assertThat(documents.stream().flatMap(AgentValuesTest::disagreement)).isEmpty();
    }

    /** Rules that span fields: Agents with three to six changes at once. */
    @Test
    void serverAndReaderAgreeOnRandomAgents() {
        var random = new Random(20261124);
        var documents = Stream.generate(() -> mixture(random)).limit(1000).toList();
        assertThat(documents.stream()
                        .map(document -> AgentCrd.dryRun(client, document.toString()))
                        .filter(AgentCrd.Accepted.class::isInstance)
                        .count())
                .as("neither all nor none is valid")
                .isBetween(100L, 900L);
        assertThat(documents.stream().flatMap(AgentValuesTest::disagreement)).isEmpty();
    }

    private static ObjectNode mixture(Random random) {
        var agent = CHANGES.get(random.nextInt(CHANGES.size())).after().deepCopy();
        random.ints(random.nextInt(2, 6), 0, CHANGES.size())
                .mapToObj(CHANGES::get)
                .forEach(change -> merge(agent, change.after()));
        return agent;
    }

    /** Objects are merged, lists joined, everything else is replaced. */
    private static void merge(ObjectNode into, JsonNode from) {
        from.properties().forEach(entry -> {
            var value = entry.getValue().deepCopy();
            switch (into.get(entry.getKey())) {
                case ObjectNode object -> merge(object, value);
                case ArrayNode list -> list.addAll((ArrayNode) value);
                case null, default -> into.set(entry.getKey(), value);
            }
        });
    }

    /** One number that can't be read would break the list of all Agents. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void whatIsAcceptedOfAProgramCanBeRead(String path) {
        var change =
                CHANGES.stream().filter(c -> c.path().equals(path)).findFirst().orElseThrow();
        assertThat(NastyValues.FLOATS.stream()
                        .map(value -> AgentCrd.dryRun(client, change.with(value).toString()))
                        .filter(AgentCrd.Accepted.class::isInstance)
                        .flatMap(answer -> unreadable(((AgentCrd.Accepted) answer).json())))
                .isEmpty();
    }

    private static ObjectNode with(SchemaLeaves.Change change, String pointer, JsonNode value) {
        return new SchemaLeaves.Change(change.path(), pointer, change.before(), change.after()).with(value);
    }

    private static String parent(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    /** Empty when both say the same and mean the same; else what they said. */
    private static Stream<String> disagreement(ObjectNode document) {
        var json = document.toString();
        var server = AgentCrd.dryRun(client, json);
        var reader = AgentReader.read(json);
        var faults = switch (reader) {
            case AgentReader.Refused refused -> refused.faults();
            case AgentReader.Read read -> violations(read.agent());
        };
        return switch (server) {
            case AgentCrd.Refused refused
            when refused.code() < 400 || refused.code() >= 500 -> Stream.of(json + "\n  the server failed: " + refused);
            case AgentCrd.Refused refused
            when faults.isEmpty() -> Stream.of(json + "\n  refused by the server alone: " + refused.message());
            case AgentCrd.Refused _ -> Stream.empty();
            case AgentCrd.Accepted _
            when !faults.isEmpty() -> Stream.of(json + "\n  refused by the reader alone: " + faults);
            case AgentCrd.Accepted accepted -> differs(accepted.json(), ((AgentReader.Read) reader).agent());
        };
    }

    private static Stream<String> differs(String json, Agent offline) {
        return Stream.concat(
                unreadable(json),
                Stream.of(json)
                        .filter(j -> unreadable(j).findAny().isEmpty())
                        .map(AgentValuesTest::stored)
                        .filter(stored -> !stored.getSpec().equals(offline.getSpec()))
                        .map(stored -> "stored " + stored.getSpec() + "\n  offline " + offline.getSpec()));
    }

    private static Stream<String> unreadable(String json) {
        try {
            return violations(stored(json)).stream().map(violation -> json + "\n  accepted, and wrong: " + violation);
        } catch (RuntimeException e) {
            return Stream.of(json + "\n  accepted, and can't be read: " + e.getMessage());
        }
    }

    private static Agent stored(String json) {
        return client.getKubernetesSerialization().unmarshal(json, Agent.class);
    }

    private static List<String> violations(Agent agent) {
        return AgentRules.violations(agent.getMetadata().getName(), agent.getSpec());
    }
}
