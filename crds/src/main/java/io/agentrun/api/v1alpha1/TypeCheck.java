package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares a JSON tree with the records that it is to become: unknown fields, wrong types, words outside an enum. A tree without
 * fault can be deserialized. As on the API server, {@code null} is the same as leaving a field out, though not in a list.
 */
final class TypeCheck {
    private static final Pattern QUANTITY = Pattern.compile(Forms.QUANTITY);

    private TypeCheck() {}

    /** {@code node} as an object; an empty one, and a fault, when it is none. */
    static ObjectNode asObject(String path, JsonNode node, List<String> faults) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        faults.add(path + ": " + shown(node) + " is not an object: write fields, name: value");
        return JsonNodeFactory.instance.objectNode();
    }

    /** Finds fields of {@code node} that are not in {@code names}. */
    static void known(String path, ObjectNode node, Collection<String> names, List<String> faults) {
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                faults.add(join(path, name) + ": unknown field: remove it, or write one of "
                        + String.join(", ", new TreeSet<>(names)));
            }
        });
    }

    /** Compares an object with a record, and removes its nulls. */
    static void object(String path, ObjectNode node, Class<?> record, List<String> faults) {
        var fields = ApiField.of(record).stream().collect(Collectors.toMap(ApiField::name, field -> field));
        known(path, node, fields.keySet(), faults);
        node.properties().removeIf(entry -> entry.getValue().isNull());
        node.properties().forEach(entry -> {
            var field = fields.get(entry.getKey());
            if (field != null) {
                field(join(path, field.name()), entry.getValue(), field, faults);
            }
        });
    }

    private static void field(String path, JsonNode node, ApiField field, List<String> faults) {
        if (field.type() == List.class) {
            if (!node.isArray()) {
                faults.add(path + ": " + shown(node) + " is not a list: write items that begin with '-'");
                return;
            }
            for (int i = 0; i < node.size(); i++) {
                value(path + "[" + i + "]", node.get(i), field, faults);
            }
        } else if (field.type() == Map.class) {
            var map = asObject(path, node, faults);
            map.properties().removeIf(entry -> entry.getValue().isNull());
            map.properties().forEach(entry -> value(join(path, entry.getKey()), entry.getValue(), field, faults));
        } else {
            value(path, node, field, faults);
        }
    }

    private static void value(String path, JsonNode node, ApiField field, List<String> faults) {
        var type = field.element();
        if (type == String.class) {
            text(path, node, faults);
        } else if (type == Integer.class) {
            integer(path, node, field, faults);
        } else if (type == Boolean.class) {
            if (!node.isBoolean()) {
                faults.add(path + ": " + shown(node) + " is neither true nor false: write one of them, without quotes");
            }
        } else if (type.isEnum()) {
            word(path, node, type, faults);
        } else if (type == GoDuration.class) {
            duration(path, node, field, faults);
        } else if (type == Quantity.class) {
            quantity(path, node, field, faults);
        } else if (ApiField.isObject(type)) {
            object(path, asObject(path, node, faults), type, faults);
        } else {
            throw new IllegalStateException("the API has no values of " + type);
        }
    }

    /** Finds out whether {@code node} is text. */
    static void text(String path, JsonNode node, List<String> faults) {
        if (!node.isTextual()) {
            faults.add(path + ": " + shown(node) + " is not text: "
                    + (node.isContainerNode() || node.isNull() ? "write a text" : "put it in quotes"));
        }
    }

    /** As in JSON Schema, 2.0 is a whole number. */
    private static void integer(String path, JsonNode node, ApiField field, List<String> faults) {
        if (!node.isNumber() || !node.canConvertToExactIntegral()) {
            faults.add(path + ": " + shown(node) + " is not a whole number: write one, without quotes");
        } else if (!node.canConvertToInt()) {
            faults.add(path + ": " + shown(node) + " is out of range: "
                    + field.range()
                            .map(range -> "must be between " + range.least() + " and " + range.greatest())
                            .orElse("write a smaller number"));
        }
    }

    private static void word(String path, JsonNode node, Class<?> type, List<String> faults) {
        var words = Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
        if (!node.isTextual() || !words.contains(node.textValue())) {
            faults.add(path + ": " + shown(node) + " is not one of " + String.join(", ", words));
        }
    }

    private static void duration(String path, JsonNode node, ApiField field, List<String> faults) {
        try {
            GoDuration.of(node.asText());
            text(path, node, faults);
        } catch (IllegalArgumentException e) {
            malformed(path, node, field, faults);
        }
    }

    private static void quantity(String path, JsonNode node, ApiField field, List<String> faults) {
        if (!node.isTextual() && field.text()) {
            text(path, node, faults);
        } else if (!node.isTextual() && !(node.isNumber() && node.canConvertToExactIntegral())) {
            faults.add(
                    path + ": " + shown(node) + " is neither text nor a whole number: write it in quotes, or as 500m");
        } else if (!QUANTITY.matcher(node.asText()).matches()) {
            malformed(path, node, field, faults);
        }
    }

    /** What a record can't hold is refused in the words of the schema, too. */
    private static void malformed(String path, JsonNode node, ApiField field, List<String> faults) {
        faults.add(path + ": " + shown(node) + ": " + field.rules().getFirst().message());
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** A value as a short piece of JSON. */
    private static String shown(JsonNode node) {
        var text = node.toString();
        return text.codePointCount(0, text.length()) <= 60
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 60)) + "…";
    }
}
