package io.agentrun.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares a child whole: everything but metadata and status must equal the wish, field by field, and our labels must be there.
 *
 * <p>Server-side apply could not do this: it only touches the fields that we send, and a foreign sidecar, hostNetwork or egress
 * rule survives it (tried). The renderers write out every field that the API server defaults, so equality is exact; the few
 * fields that it allocates are named in {@link #ALLOCATED}.
 */
public final class Difference {
    private static final List<String> NOT_COMPARED = List.of("apiVersion", "kind", "metadata", "status");
    /** What the API server or a controller of the control plane writes by itself, by kind. */
    private static final Map<String, List<String>> ALLOCATED = Map.of(
            "Service", List.of("/spec/clusterIP", "/spec/clusterIPs", "/spec/ipFamilies", "/spec/ipFamilyPolicy"),
            "ServiceAccount", List.of("/secrets"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private Difference() {}

    /** Path of the first field in which {@code have} is not what {@code want} says; empty when they agree. */
    public static Optional<String> between(HasMetadata want, HasMetadata have) {
        var labels = have.getMetadata().getLabels();
        for (var label : want.getMetadata().getLabels().entrySet()) {
            if (labels == null || !label.getValue().equals(labels.get(label.getKey()))) {
                return Optional.of("metadata.labels[" + label.getKey() + "]");
            }
        }
        return first("", content(want), content(have));
    }

    /** What is compared of an object. */
    static JsonNode content(HasMetadata object) {
        var tree = (ObjectNode) tree(object);
        tree.remove(NOT_COMPARED);
        for (var pointer : ALLOCATED.getOrDefault(object.getKind(), List.of())) {
            var slash = pointer.lastIndexOf('/');
            if (tree.at(pointer.substring(0, slash)) instanceof ObjectNode parent) {
                parent.remove(pointer.substring(slash + 1));
            }
        }
        return tree;
    }

    private static JsonNode tree(HasMetadata object) {
        try {
            return JSON.readTree(Serialization.asJson(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a Kubernetes object that can't become JSON", e);
        }
    }

    private static Optional<String> first(String path, JsonNode want, JsonNode have) {
        if (want == null || have == null) {
            return (empty(want) && empty(have)) ? Optional.empty() : Optional.of(path);
        }
        if (want.isObject() && have.isObject()) {
            var names = new TreeSet<String>();
            want.fieldNames().forEachRemaining(names::add);
            have.fieldNames().forEachRemaining(names::add);
            for (var name : names) {
                var found = first(path.isEmpty() ? name : path + "." + name, want.get(name), have.get(name));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        if (want.isArray() && have.isArray() && want.size() == have.size()) {
            Iterator<JsonNode> others = have.elements();
            int index = 0;
            for (var item : want) {
                var found = first(path + "[" + index++ + "]", item, others.next());
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        return same(want, have) ? Optional.empty() : Optional.of(path);
    }

    /** An absent list is an empty one. {@code {}} is not absent: an empty selector or emptyDir says something. */
    private static boolean empty(JsonNode node) {
        return node == null || node.isNull() || (node.isArray() && node.isEmpty());
    }

    private static boolean same(JsonNode want, JsonNode have) {
        return (want.isNumber() && have.isNumber())
                ? want.decimalValue().compareTo(have.decimalValue()) == 0
                : want.equals(have);
    }
}
