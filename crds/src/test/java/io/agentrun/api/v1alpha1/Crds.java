package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generates the CRDs from the records, and adds what Fabric8's generator has no annotation for: list types and column order. */
final class Crds {
    /** Keys of the lists that two writers may share; every other list of objects is atomic, every list of names a set. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("spec.imagePullSecrets", List.of("name")),
            Map.entry("spec.env", List.of("name")),
            Map.entry("spec.scaling.metrics", List.of("type")),
            Map.entry("spec.isolation.scratch", List.of("path")),
            Map.entry("spec.volumes", List.of("name")),
            Map.entry("spec.egress.services", List.of("name", "port")),
            Map.entry("spec.scheduling.topologySpread", List.of("topologyKey")),
            Map.entry("status.effective", List.of("name")),
            Map.entry("status.conditions", List.of("type")));

    private static final List<String> SETS = List.of("spec.egress.cidrs");
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
                        return finish((CustomResourceDefinition) crd);
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

    private static CustomResourceDefinition finish(CustomResourceDefinition crd) {
        for (var version : crd.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            lists("", schema);
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

    private static void lists(String path, JSONSchemaProps schema) {
        if ("array".equals(schema.getType())) {
            var items = schema.getItems().getSchema();
            if (KEYS.containsKey(path)) {
                schema.setXKubernetesListType("map");
                schema.setXKubernetesListMapKeys(KEYS.get(path));
                var required = new ArrayList<>(items.getRequired() == null ? List.of() : items.getRequired());
                KEYS.get(path).stream().filter(k -> !required.contains(k)).forEach(required::add);
                items.setRequired(required);
            } else {
                schema.setXKubernetesListType(SETS.contains(path) ? "set" : "atomic");
            }
            lists(path, items);
        }
        if (schema.getProperties() != null) {
            schema.getProperties()
                    .forEach((name, property) -> lists(path.isEmpty() ? name : path + "." + name, property));
        }
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

    /** A record component's annotation is seen twice, at the component and at its accessor. */
    private static void tidy(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
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
