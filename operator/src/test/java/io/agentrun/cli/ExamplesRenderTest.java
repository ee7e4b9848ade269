package io.agentrun.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every example is what the schema and the rules take, without a cluster: the first place to see a field renamed. */
class ExamplesRenderTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    private static List<Path> stories() throws IOException {
        try (var all = Files.list(EXAMPLES)) {
            return all.filter(Files::isDirectory)
                    .filter(folder -> !folder.endsWith("invalid"))
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path story) throws IOException {
        try (var files = Files.list(story)) {
            var text = new StringBuilder();
            for (var file : files.sorted().toList()) {
                text.append(Files.readString(file)).append("\n---\n");
            }
            return text.toString();
        }
    }

    @TestFactory
    Stream<DynamicTest> rendersWithoutAFault() throws IOException {
        assertThat(stories()).hasSizeGreaterThan(5);
        return stories().stream()
                .map(story -> DynamicTest.dynamicTest(story.getFileName().toString(), () -> {
                    var out = new StringWriter();
                    var err = new StringWriter();
                    var code = Agentrun.commandLine()
                            .setOut(new PrintWriter(out, true))
                            .setErr(new PrintWriter(err, true))
                            .execute("render", "-f", story.toString());
                    assertThat(code).as(err.toString()).isZero();
                    // A Service that a story opens has to be in the story.
                    assertThat(err.toString()).isEmpty();
                    var agents =
                            text(story).lines().filter("kind: Agent"::equals).count();
                    assertThat(out.toString().lines().filter("kind: \"Deployment\""::equals))
                            .hasSize(Math.toIntExact(agents));
                }));
    }

    @TestFactory
    Stream<DynamicTest> hasANamespaceOfItsOwnUnderTheRestrictedStandard() throws IOException {
        return stories().stream()
                .map(story -> DynamicTest.dynamicTest(story.getFileName().toString(), () -> {
                    var text = text(story);
                    assertThat(text)
                            .startsWith("# ")
                            .containsOnlyOnce("kind: Namespace\n")
                            .contains(
                                    "\n  name: " + story.getFileName() + "\n",
                                    "pod-security.kubernetes.io/enforce: restricted");
                    assertThat(text.lines().filter(line -> line.startsWith("  namespace: ")))
                            .containsOnly("  namespace: " + story.getFileName());
                }));
    }

    @Test
    void theTableNamesEveryStory() throws IOException {
        assertThat(Files.readString(EXAMPLES.resolve("README.md")))
                .contains(stories().stream()
                        .map(story -> "| `" + story.getFileName() + "` |")
                        .toList());
    }
}
