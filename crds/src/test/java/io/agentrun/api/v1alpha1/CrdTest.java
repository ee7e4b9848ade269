package io.agentrun.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The committed CRDs say what the records say. {@code mvn -Dcrds.update} writes them anew. */
class CrdTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath();

    @Test
    void committedYamlEqualsTheRecords() throws IOException {
        var generated = Crds.generate(List.of(Agent.class));
        assertThat(generated).containsOnlyKeys("agents.agentrun.io-v1.yml");
        for (var file : generated.entrySet()) {
            var committed = FOLDER.resolve(file.getKey());
            if (System.getProperty("crds.update") != null) {
                Files.writeString(committed, file.getValue());
            }
            assertThat(committed)
                    .as("run `mvn -pl crds test -Dcrds.update` and commit the result")
                    .exists()
                    .hasContent(file.getValue());
        }
    }

    @Test
    void everyFieldIsExplainedAndEveryListAndMapIsBoundedAndTyped() {
        var faults = new ArrayList<String>();
        Crds.generate(List.of(Agent.class)).values().forEach(yaml -> {
            var schema = Crds.parse(yaml)
                    .getSpec()
                    .getVersions()
                    .getFirst()
                    .getSchema()
                    .getOpenAPIV3Schema();
            for (var part : List.of("spec", "status")) {
                walk(part, schema.getProperties().get(part), faults);
            }
        });
        assertThat(faults).isEmpty();
    }

    private static void walk(String path, JSONSchemaProps schema, List<String> faults) {
        var spec = path.startsWith("spec");
        if (path.contains(".") && !path.endsWith("[]") && !path.endsWith("{}") && schema.getDescription() == null) {
            faults.add(path + " has no description");
        }
        if ("array".equals(schema.getType())) {
            if (schema.getMaxItems() == null) {
                faults.add(path + " has no maxItems");
            }
            if (schema.getXKubernetesListType() == null) {
                faults.add(path + " has no list type");
            }
            walk(path + "[]", schema.getItems().getSchema(), faults);
        }
        if (schema.getAdditionalProperties() != null) {
            if (schema.getMaxProperties() == null) {
                faults.add(path + " has no maxProperties");
            }
            walk(path + "{}", schema.getAdditionalProperties().getSchema(), faults);
        }
        if ("integer".equals(schema.getType()) && !"int64".equals(schema.getFormat()) && schema.getMaximum() == null) {
            faults.add(path + " has no maximum: one larger number breaks the list of all agents");
        }
        if (spec && "string".equals(schema.getType()) && schema.getEnum() == null && schema.getMaxLength() == null) {
            faults.add(path + " has no maxLength");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> walk(path + "." + name, property, faults));
        }
    }
}
