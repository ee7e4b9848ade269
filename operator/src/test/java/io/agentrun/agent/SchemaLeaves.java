package io.agentrun.agent;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the spec's schema in a CRD and makes, for every leaf, two Agents that differ in that leaf and are both valid: the raw
 * material of tests that ask whether a field does anything, and whether every value can be read.
 *
 * <p>A leaf is a text, number or boolean: {@code spec.env[].value}, {@code spec.resources.limits{memory}}. A word of an enum is
 * changed into each of the other words.
 */
public final class SchemaLeaves {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<Change> changes = new ArrayList<>();

    private SchemaLeaves() {}

    /**
     * A change of one leaf.
     *
     * @param path the leaf, such as {@code spec.env[].value}
     * @param pointer JSON pointer to the leaf in {@code after}
     * @param before an Agent as JSON
     * @param after the same Agent with another value at the leaf, and what must go with it
     */
    public record Change(String path, String pointer, ObjectNode before, ObjectNode after) {
        /** {@code after} with any value at the leaf, valid or not. */
        public ObjectNode with(JsonNode value) {
            var agent = after.deepCopy();
            set(agent, pointer, value);
            return agent;
        }

        @Override
        public String toString() {
            return path + " = " + after.at(pointer);
        }
    }

    /** Every change that the CRD in {@code file} allows, in the order of the schema. */
    public static List<Change> of(Path file) {
        JsonNode crd;
        try {
            crd = YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalArgumentException("can't read " + file, e);
        }
        var leaves = new SchemaLeaves();
        leaves.walk("spec", "/spec", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"));
        return List.copyOf(leaves.changes);
    }

    private void walk(String path, String pointer, JsonNode schema) {
        if (schema.has("properties")) {
            schema.get("properties")
                    .properties()
                    .forEach(p -> walk(path + "." + p.getKey(), pointer + "/" + p.getKey(), p.getValue()));
        } else if (schema.has("additionalProperties")) {
            for (var key : LeafValues.keys(path)) {
                walk(
                        path + "{" + key + "}",
                        pointer + "/" + key.replace("/", "~1"),
                        schema.get("additionalProperties"));
            }
        } else if (schema.path("type").asText().equals("array")) {
            walk(path + "[]", pointer + "/0", schema.get("items"));
        } else {
            leaf(path, pointer, schema);
        }
    }

    private void leaf(String path, String pointer, JsonNode schema) {
        var values = LeafValues.of(path, schema);
        for (var second : values.subList(1, values.size())) {
            var before = LeafValues.companions(path, agent());
            set(before, pointer, values.getFirst());
            var after = LeafValues.partners(path, second, before.deepCopy());
            set(after, pointer, second);
            changes.add(new Change(path, pointer, before, after));
        }
    }

    /** The smallest Agent. */
    static ObjectNode agent() {
        var agent = JSON.objectNode().put("apiVersion", "agentrun.io/v1alpha1").put("kind", "Agent");
        agent.putObject("metadata").put("name", "leaf").put("namespace", "default");
        agent.putObject("spec");
        return agent;
    }

    /** Puts {@code value} at {@code pointer}, and makes objects and lists on the way. */
    static void set(ObjectNode document, String pointer, JsonNode value) {
        set(document, JsonPointer.compile(pointer), value);
    }

    private static void set(JsonNode node, JsonPointer pointer, JsonNode value) {
        var below = pointer.tail();
        var next = value;
        if (!below.matches()) {
            next = node instanceof ArrayNode list ? list.path(0) : node.path(pointer.getMatchingProperty());
            if (next.isMissingNode()) {
                next = below.mayMatchElement() ? JSON.arrayNode() : JSON.objectNode();
            }
            set(next, below, value);
        }
        switch (node) {
            case ArrayNode list when list.isEmpty() -> list.add(next);
            case ArrayNode list -> list.set(0, next);
            case ObjectNode object -> object.set(pointer.getMatchingProperty(), next);
            default -> throw new IllegalArgumentException("nothing can be set in " + node);
        }
    }
}
