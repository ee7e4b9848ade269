package io.agentrun.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Valid values for the leaves of the Agent's schema, and what must stand beside them. Enums, booleans and numbers come from the
 * schema; texts whose form it checks, and rules over several fields, are tables here. A new field that needs an entry makes
 * {@link SchemaLeavesTest} fail.
 */
final class LeafValues {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Two texts for leaves that do not take just any word. Every other text is {@code a} and {@code b}. */
    private static final Map<String, List<String>> TEXTS = Map.ofEntries(
            Map.entry("spec.restartAt", List.of("2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z")),
            Map.entry("spec.endpoint.healthPath", List.of("/health", "/ready")),
            Map.entry("spec.lifecycle.healthCheckInterval", List.of("60s", "5s")),
            Map.entry("spec.lifecycle.shutdownTimeout", List.of("30s", "31s")),
            Map.entry("spec.scaling.stabilization.scaleUp", List.of("0s", "1m")),
            Map.entry("spec.scaling.stabilization.scaleDown", List.of("5m", "1m")),
            Map.entry("spec.isolation.scratch[].path", List.of("/a", "/b")),
            Map.entry("spec.isolation.scratch[].size", List.of("1Mi", "2Mi")),
            Map.entry("spec.isolation.ulimits.fileSize", List.of("1Mi", "2Mi")),
            Map.entry("spec.volumes[].mountPath", List.of("/a", "/b")),
            Map.entry("spec.egress.cidrs[]", List.of("203.0.113.0/24", "2001:db8::/32")),
            Map.entry("spec.ingress.from[].cidr", List.of("203.0.113.0/24", "2001:db8::/32")),
            Map.entry("spec.resources.requests{cpu}", List.of("100m", "200m")),
            Map.entry("spec.resources.requests{memory}", List.of("256Mi", "300Mi")),
            Map.entry("spec.resources.requests{ephemeral-storage}", List.of("1Gi", "2Gi")),
            Map.entry("spec.resources.limits{cpu}", List.of("1", "2")),
            Map.entry("spec.resources.limits{memory}", List.of("512Mi", "1Gi")),
            Map.entry("spec.resources.limits{ephemeral-storage}", List.of("2Gi", "3Gi")),
            Map.entry("spec.resources.limits{example.com/gpu}", List.of("1", "2")));

    /** Keys to try in a map; every other map gets one label's key. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "spec.resources.requests", List.of("cpu", "memory", "ephemeral-storage"),
            "spec.resources.limits", List.of("cpu", "memory", "ephemeral-storage", "example.com/gpu"));

    /** What must be in the spec before a leaf can be set, by the beginning of the leaf's path; all that match are merged. */
    private static final Map<String, String> COMPANIONS = Map.ofEntries(
            Map.entry("spec.suspendReason", "{operatingMode: Suspended}"),
            Map.entry("spec.env[].name", "{env: [{value: x}]}"),
            Map.entry("spec.env[].value", "{env: [{name: A}]}"),
            Map.entry("spec.env[].secretKeyRef", "{env: [{name: A, secretKeyRef: {name: a, key: k}}]}"),
            Map.entry("spec.env[].configMapKeyRef", "{env: [{name: A, configMapKeyRef: {name: a, key: k}}]}"),
            Map.entry("spec.scaling.metrics[].target", "{scaling: {metrics: [{type: CPU}]}}"),
            Map.entry(
                    "spec.isolation.seccompProfile.localhostProfile",
                    "{isolation: {seccompProfile: {type: Localhost}}}"),
            Map.entry(
                    "spec.isolation.appArmorProfile.localhostProfile",
                    "{isolation: {appArmorProfile: {type: Localhost}}}"),
            Map.entry("spec.isolation.scratch[]", "{isolation: {scratch: [{path: /c, size: 1Mi}]}}"),
            Map.entry("spec.isolation.ulimits.openFiles", "{isolation: {ulimits: {openFiles: {soft: 64, hard: 128}}}}"),
            Map.entry("spec.volumes[]", "{volumes: [{name: v, mountPath: /v}]}"),
            Map.entry("spec.volumes[].name", "{volumes: [{claim: c}]}"),
            Map.entry("spec.volumes[].mountPath", "{volumes: [{claim: c}]}"),
            Map.entry("spec.volumes[].readOnly", "{volumes: [{claim: c}]}"),
            Map.entry("spec.egress.cidrs", "{egress: {mode: Direct}}"),
            Map.entry("spec.egress.services[]", "{egress: {services: [{name: a, port: 1}]}}"),
            Map.entry("spec.scheduling.tolerations[]", "{scheduling: {tolerations: [{key: k}]}}"),
            Map.entry(
                    "spec.scheduling.tolerations[].tolerationSeconds",
                    "{scheduling: {tolerations: [{effect: NoExecute}]}}"),
            Map.entry("spec.scheduling.topologySpread[]", "{scheduling: {topologySpread: [{topologyKey: a}]}}"));

    /** What a value must bring along. */
    private static final Map<String, String> PARTNERS = Map.of(
            "spec.egress.mode=Direct", "{egress: {cidrs: [203.0.113.0/24]}}",
            "spec.isolation.seccompProfile.type=Localhost", "{isolation: {seccompProfile: {localhostProfile: a}}}",
            "spec.isolation.appArmorProfile.type=Localhost", "{isolation: {appArmorProfile: {localhostProfile: a}}}");

    private LeafValues() {}

    static List<String> keys(String map) {
        return KEYS.getOrDefault(map, List.of("example.com/key"));
    }

    /** At least two valid values; the first is the default where there is one. */
    static List<JsonNode> of(String path, JsonNode schema) {
        var fallback = schema.get("default");
        if (schema.has("enum")) {
            var words = new ArrayList<JsonNode>();
            schema.get("enum").forEach(words::add);
            // RuntimeDefault first: a Localhost profile needs a partner.
            var first = fallback == null ? words.getLast() : fallback;
            return Stream.concat(Stream.of(first), words.stream().filter(word -> !word.equals(first)))
                    .toList();
        }
        return switch (schema.path("type").asText()) {
            case "boolean" -> List.of(fallback, BooleanNode.valueOf(!fallback.booleanValue()));
            case "integer" -> {
                var first = fallback == null ? schema.get("minimum").intValue() + 1 : fallback.intValue();
                yield List.of(IntNode.valueOf(first), IntNode.valueOf(first + 1));
            }
            default ->
                TEXTS.getOrDefault(path, List.of("a", "b")).stream()
                        .<JsonNode>map(TextNode::valueOf)
                        .toList();
        };
    }

    /** {@code agent} with what must stand beside the leaf. */
    static ObjectNode companions(String path, ObjectNode agent) {
        COMPANIONS.keySet().stream()
                .filter(path::startsWith)
                .sorted()
                .forEach(prefix -> merge(agent.get("spec"), yaml(COMPANIONS.get(prefix))));
        return agent;
    }

    /** {@code agent} with what must come with the leaf's new value. */
    static ObjectNode partners(String path, JsonNode value, ObjectNode agent) {
        var partner = PARTNERS.get(path + "=" + value.asText());
        if (partner != null) {
            merge(agent.get("spec"), yaml(partner));
        }
        return agent;
    }

    /** Objects are merged, and so are the first items of lists. */
    private static void merge(JsonNode into, JsonNode from) {
        from.properties().forEach(entry -> {
            var present = into.get(entry.getKey());
            if (present == null || present.isValueNode()) {
                ((ObjectNode) into).set(entry.getKey(), entry.getValue());
            } else if (present.isArray()) {
                merge(present.get(0), entry.getValue().get(0));
            } else {
                merge(present, entry.getValue());
            }
        });
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
