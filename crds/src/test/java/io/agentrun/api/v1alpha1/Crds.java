package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generates the CRDs from the records, and adds what Fabric8's generator has no annotation for: list types and column order. */
final class Crds {
    private static final List<String> COLUMNS =
            List.of("Mode", "Phase", "Desired", "Ready", "Reason", "Isolated", "Egress", "Image", "Age");

    private Crds() {}

    /** File name to YAML, for every kind given. */
    static Map<String, String> generate(List<Class<? extends HasMetadata>> kinds) {
        var files = new TreeMap<String, ByteArrayOutputStream>();
        var generator = new CRDGenerator()
                .customResourceClasses(kinds)
                .forCRDVersions("v1")
                .withPostProcessor(new io.fabric8.crdv2.generator.CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        return finish((CustomResourceDefinition) crd, kinds);
                    }
                })
                .withOutput(new Output(files));
        generator.generate();
        var texts = new TreeMap<String, String>();
        files.forEach((name, bytes) -> texts.put(name + ".yml", bytes.toString(StandardCharsets.UTF_8)));
        return texts;
    }

    private record Output(Map<String, ByteArrayOutputStream> files)
            implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return files.computeIfAbsent(name, n -> new ByteArrayOutputStream());
        }

        @Override
        public void close() throws IOException {
            for (var file : files.values()) {
                file.close();
            }
        }
    }

    private static CustomResourceDefinition finish(
            CustomResourceDefinition crd, List<Class<? extends HasMetadata>> kinds) {
        var kind = kinds.stream()
                .filter(k ->
                        HasMetadata.getKind(k).equals(crd.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        var parts = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
        for (var version : crd.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            lists(schema.getProperties().get("spec"), (Class<?>) parts[0]);
            lists(schema.getProperties().get("status"), (Class<?>) parts[1]);
            tidy(schema);
            // An object without a spec is one with all defaults.
            schema.getProperties()
                    .get("spec")
                    .setDefault(defaults(schema.getProperties().get("spec")));
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparingInt((CustomResourceColumnDefinition c) -> COLUMNS.indexOf(c.getName())));
        }
        return crd;
    }

    /** Gives every list its type, and the keys of {@link ListKeys}; the records are walked beside the schema. */
    private static void lists(JSONSchemaProps schema, Class<?> type) {
        for (var component : type.getRecordComponents()) {
            var property = schema.getProperties().get(component.getName());
            var inner = innermost(component.getGenericType());
            if ("array".equals(property.getType())) {
                list(property, component.getAccessor().getAnnotation(ListKeys.class));
                property = property.getItems().getSchema();
            }
            if (component.getType() == Quantity.class) {
                property.setMaxLength((long) Forms.MAX_QUANTITY);
            }
            if (inner.isRecord() && "object".equals(property.getType())) {
                lists(property, inner);
            }
        }
    }

    private static void list(JSONSchemaProps schema, ListKeys annotation) {
        if (annotation == null) {
            schema.setXKubernetesListType("atomic");
            return;
        }
        var keys = List.of(annotation.value());
        schema.setXKubernetesListType(keys.isEmpty() ? "set" : "map");
        if (!keys.isEmpty()) {
            schema.setXKubernetesListMapKeys(keys);
            var items = schema.getItems().getSchema();
            var required = new ArrayList<>(items.getRequired() == null ? List.of() : items.getRequired());
            keys.stream().filter(key -> !required.contains(key)).forEach(required::add);
            items.setRequired(required);
        }
    }

    private static Class<?> innermost(Type type) {
        return type instanceof ParameterizedType list ? (Class<?>) list.getActualTypeArguments()[0] : (Class<?>) type;
    }

    /**
     * An object whose fields have their own defaults. The API server would fill them in by itself, but it checks a default by
     * the CEL rules before it does.
     */
    private static JsonNode defaults(JSONSchemaProps schema) {
        var object = JsonNodeFactory.instance.objectNode();
        schema.getProperties().forEach((name, property) -> {
            if (property.getDefault() != null) {
                object.set(name, "object".equals(property.getType()) ? defaults(property) : property.getDefault());
            }
        });
        return object;
    }

    /** What the generator has no annotation for, and rules that it finds twice, at a component and at its accessor. */
    private static void tidy(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            schema.setMaxLength((long) Forms.MAX_QUANTITY);
        }
        if ("object".equals(schema.getType()) && schema.getDefault() != null) {
            schema.setDefault(defaults(schema));
        }
        if (schema.getItems() != null) {
            tidy(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            tidy(schema.getAdditionalProperties().getSchema());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(Crds::tidy);
        }
    }

    /** Parses what {@link #generate} wrote. */
    static CustomResourceDefinition parse(String yaml) {
        return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
    }
}
