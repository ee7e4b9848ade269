package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a manifest of one Agent as strictly as the API server does: no unknown field, no number where text belongs, no word that is
 * not in an enum. What is wrong comes back as sentences that begin with the path of the culprit; nothing is thrown.
 *
 * <p>{@link AgentRules} judges what was read.
 */
public final class AgentReader {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String API_VERSION = Agent.GROUP + "/" + Agent.VERSION;
    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final Set<String> METADATA = Set.of(
            "name",
            "generateName",
            "namespace",
            "labels",
            "annotations",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "ownerReferences",
            "finalizers",
            "managedFields",
            "selfLink");

    private AgentReader() {}

    /** What came of reading. */
    public sealed interface Result {}

    /**
     * It could be read.
     *
     * @param agent the Agent, defaults filled in, without its status
     */
    public record Read(Agent agent) implements Result {}

    /**
     * It could not be read.
     *
     * @param faults what is wrong with the document, at least one sentence
     */
    public record Refused(List<String> faults) implements Result {}

    /** Reads a document of YAML or JSON, which holds one Agent. */
    public static Result read(String document) {
        JsonNode tree;
        try {
            tree = YamlDocument.parse(document);
        } catch (IllegalArgumentException e) {
            return new Refused(List.of(e.getMessage()));
        }
        var faults = new ArrayList<String>();
        var top = TypeCheck.asObject("the document", tree, faults);
        if (!faults.isEmpty()) {
            return new Refused(List.copyOf(faults));
        }
        head(top, faults);
        var metadata = metadata(top, faults);
        ObjectNode spec = top.hasNonNull("spec")
                ? TypeCheck.asObject("spec", top.get("spec"), faults)
                : JsonNodeFactory.instance.objectNode();
        TypeCheck.object("spec", spec, AgentSpec.class, faults);
        return faults.isEmpty() ? agent(metadata, spec) : new Refused(List.copyOf(faults));
    }

    private static void head(ObjectNode top, List<String> faults) {
        TypeCheck.known("", top, TOP, faults);
        if (!API_VERSION.equals(top.path("apiVersion").asText())) {
            faults.add("apiVersion: must be " + API_VERSION);
        }
        if (!"Agent".equals(top.path("kind").asText())) {
            faults.add("kind: must be Agent");
        }
    }

    private static ObjectNode metadata(ObjectNode top, List<String> faults) {
        if (!top.hasNonNull("metadata")) {
            faults.add("metadata: must be set, with a name, such as metadata: {name: support-triage}");
            return JsonNodeFactory.instance.objectNode();
        }
        var metadata = TypeCheck.asObject("metadata", top.get("metadata"), faults);
        TypeCheck.known("metadata", metadata, METADATA, faults);
        if (!metadata.hasNonNull("name")) {
            faults.add("metadata.name: must be set");
        }
        for (var name : List.of("name", "namespace")) {
            if (metadata.hasNonNull(name)) {
                TypeCheck.text("metadata." + name, metadata.get(name), faults);
            }
        }
        for (var name : List.of("labels", "annotations")) {
            if (metadata.hasNonNull(name)) {
                var path = "metadata." + name;
                TypeCheck.asObject(path, metadata.get(name), faults)
                        .properties()
                        .forEach(entry -> TypeCheck.text(path + "." + entry.getKey(), entry.getValue(), faults));
            }
        }
        return metadata;
    }

    private static Result agent(ObjectNode metadata, ObjectNode spec) {
        var agent = new Agent();
        try {
            agent.setMetadata(JSON.treeToValue(metadata, ObjectMeta.class));
            agent.setSpec(JSON.treeToValue(spec, AgentSpec.class));
        } catch (JsonProcessingException e) {
            // Types of metadata that nobody writes by hand; the spec was checked.
            return new Refused(
                    List.of(e.getOriginalMessage().lines().findFirst().orElse("can't be read")));
        }
        return new Read(agent);
    }
}
