package io.agentrun.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.generator.annotation.ValidationRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every manifest of {@code examples/invalid} is refused without an API server, too. That the server refuses it, see the operator. */
class InvalidExamplesTest {
    private static final Path FOLDER = Path.of("../examples/invalid");
    private static final String EXPECT = "# expect: ";

    static Stream<Path> manifests() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void isRefusedOffline(Path manifest) throws IOException {
        var text = Files.readString(manifest);
        assertThat(text).startsWith(EXPECT);
        var expected = text.lines().findFirst().orElseThrow().substring(EXPECT.length());
        var faults = faults(text);
        assertThat(faults).isNotEmpty();
        // Where the API server answers in the words of the schema, so do we.
        if (messages().stream().anyMatch(message -> message.contains(expected))) {
            assertThat(faults).anySatisfy(fault -> assertThat(fault).contains(expected));
        }
    }

    @Test
    void thereAreManyAndEveryRuleOfTheSchemaIsBrokenByOne() throws IOException {
        assertThat(manifests()).hasSizeGreaterThanOrEqualTo(60);
        var all = new HashSet<String>();
        for (var manifest : manifests().toList()) {
            all.addAll(faults(Files.readString(manifest)));
        }
        assertThat(messages())
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(all).anySatisfy(fault -> assertThat(fault).endsWith(message)));
    }

    private static List<String> faults(String text) {
        return switch (AgentReader.read(text)) {
            case AgentReader.Read read ->
                AgentRules.violations(
                        read.agent().getMetadata().getName(), read.agent().getSpec());
            case AgentReader.Refused refused -> refused.faults();
        };
    }

    /** The message of every CEL rule. */
    private static Set<String> messages() {
        var messages = new HashSet<String>();
        collect(Agent.class.getAnnotationsByType(ValidationRule.class), messages);
        collect(AgentSpec.class, messages);
        return messages;
    }

    private static void collect(Class<?> record, Set<String> messages) {
        collect(record.getAnnotationsByType(ValidationRule.class), messages);
        for (var field : ApiField.of(record)) {
            collect(field.rules().toArray(ValidationRule[]::new), messages);
            if (ApiField.isObject(field.element())) {
                collect(field.element(), messages);
            }
        }
    }

    private static void collect(ValidationRule[] rules, Set<String> messages) {
        for (var rule : rules) {
            messages.add(rule.message());
        }
    }
}
