package io.agentrun.api.v1alpha1;

import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Checks records by the annotations that their schema is made of. Bounds and list keys are read off them; a CEL rule is checked by
 * its twin in Java, found by the rule's text, and reported in the rule's own words. A rule without a twin is a fault of the
 * program and found when the rules are made.
 */
final class RecordRules {
    private final Map<String, Predicate<Object>> twins;

    private RecordRules(Map<String, Predicate<Object>> twins) {
        this.twins = Map.copyOf(twins);
    }

    /** Collects twins. */
    static final class Builder {
        private final Map<String, Predicate<Object>> twins = new HashMap<>();

        /** The twin of the CEL rule {@code cel} on values of {@code type}; it holds when the value is fine. */
        <T> Builder twin(String cel, Class<T> type, Predicate<T> holds) {
            return add(cel, value -> holds.test(type.cast(value)));
        }

        /** The twin of a CEL rule on a text. */
        Builder text(String cel, Predicate<String> holds) {
            return twin(cel, String.class, holds);
        }

        /** The twin of a CEL rule that holds when every entry of a map is fine. */
        <V> Builder entries(String cel, Class<V> type, BiPredicate<String, V> holds) {
            return add(
                    cel,
                    value -> ((Map<?, ?>) value)
                            .entrySet().stream()
                                    .allMatch(
                                            entry -> holds.test((String) entry.getKey(), type.cast(entry.getValue()))));
        }

        /** The twin of a CEL rule that holds when every item of a list is fine. */
        <V> Builder items(String cel, Class<V> type, Predicate<V> holds) {
            return add(cel, value -> ((List<?>) value).stream().map(type::cast).allMatch(holds));
        }

        private Builder add(String cel, Predicate<Object> holds) {
            if (twins.put(cel, holds) != null) {
                throw new IllegalStateException("two twins for " + cel);
            }
            return this;
        }

        /**
         * The rules, for {@code root} and every record below it.
         *
         * @throws IllegalStateException when a rule has no twin, or a twin no rule
         */
        RecordRules build(Class<? extends Record> root) {
            var used = new HashSet<String>();
            collect(root, used);
            if (!used.equals(twins.keySet())) {
                var lonely = new HashSet<>(used);
                lonely.removeAll(twins.keySet());
                var useless = new HashSet<>(twins.keySet());
                useless.removeAll(used);
                throw new IllegalStateException(
                        "CEL rules without a twin: " + lonely + "; twins without a rule: " + useless);
            }
            return new RecordRules(twins);
        }

        private static void collect(Class<?> record, Set<String> rules) {
            for (var rule : record.getAnnotationsByType(ValidationRule.class)) {
                rules.add(rule.value());
            }
            for (var field : ApiField.of(record)) {
                field.rules().forEach(rule -> rules.add(rule.value()));
                if (ApiField.isObject(field.element())) {
                    collect(field.element(), rules);
                }
            }
        }
    }

    /** What is wrong with {@code record}, which stands at {@code path}: a sentence each, beginning with the path of the culprit. */
    List<String> violations(String path, Record record) {
        var found = new ArrayList<String>();
        object(path, record, found);
        return List.copyOf(found);
    }

    private void object(String path, Object record, List<String> found) {
        rules(path, record, List.of(record.getClass().getAnnotationsByType(ValidationRule.class)), found);
        for (var field : ApiField.of(record.getClass())) {
            field(path + "." + field.name(), field, field.value(record), found);
        }
    }

    private void field(String path, ApiField field, Object value, List<String> found) {
        if (value == null) {
            if (field.required()) {
                found.add(path + ": must be set");
            }
            return;
        }
        field.size().ifPresent(size -> size(path, size, value, found));
        field.range().ifPresent(range -> {
            if (((Number) value).longValue() < range.least() || ((Number) value).longValue() > range.greatest()) {
                found.add("%s: must be between %d and %d, not %s"
                        .formatted(path, range.least(), range.greatest(), value));
            }
        });
        rules(path, value, field.rules(), found);
        switch (value) {
            case List<?> items -> {
                field.keys().ifPresent(keys -> duplicates(path, keys, items, found));
                for (int i = 0; i < items.size(); i++) {
                    element(path + "[" + i + "]", field, items.get(i), found);
                }
            }
            case Map<?, ?> entries -> entries.forEach((key, entry) -> element(path + "." + key, field, entry, found));
            default -> element(path, field, value, found);
        }
    }

    private void element(String path, ApiField field, Object value, List<String> found) {
        field.elementSize().ifPresent(size -> size(path, size, value, found));
        if (ApiField.isObject(value.getClass())) {
            object(path, value, found);
        }
    }

    private void rules(String path, Object value, List<ValidationRule> rules, List<String> found) {
        for (var rule : rules) {
            if (!twins.get(rule.value()).test(value)) {
                found.add(path + ": " + rule.message());
            }
        }
    }

    private static void size(String path, Size size, Object value, List<String> found) {
        var things = value instanceof List ? "items" : value instanceof Map ? "entries" : "characters";
        var count = switch (value) {
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> {
                var text = value.toString();
                yield text.codePointCount(0, text.length());
            }
        };
        if (count > size.max()) {
            found.add("%s: must have at most %d %s, not %d".formatted(path, size.max(), things, count));
        }
        if (count < size.min()) {
            found.add("%s: must have at least %d %s, not %d".formatted(path, size.min(), things, count));
        }
    }

    private static void duplicates(String path, List<String> keys, List<?> items, List<String> found) {
        var seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            Object key = keys.isEmpty()
                    ? item
                    : ApiField.of(item.getClass()).stream()
                            .filter(field -> keys.contains(field.name()))
                            .map(field -> String.valueOf(field.value(item)))
                            .toList();
            if (!seen.add(key)) {
                found.add("%s[%d]: there is another item with %s: remove or rename one of them"
                        .formatted(path, i, keys.isEmpty() ? key : String.join(" and ", keys) + " " + key));
            }
        }
    }
}
