package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.OperatingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every example is applied as its reader would, and becomes what it promises. */
@Tag("cluster")
class ExamplesTest {
    private static Cluster cluster;
    private static List<Path> folders;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster("examples");
        try (var all = Files.list(Cluster.repository("examples"))) {
            folders = all.filter(Files::isDirectory)
                    .filter(folder -> !Set.of("invalid", "quickstart")
                            .contains(folder.getFileName().toString()))
                    .sorted()
                    .toList();
        }
        folders.forEach(folder -> assertThat(cluster.kubectlAnywhere("apply", "-f", folder.toString()))
                .doesNotContain("rror"));
    }

    @AfterAll
    static void end() {
        folders.forEach(folder -> cluster.kubectlAnywhere(
                "delete", "namespace", folder.getFileName().toString(), "--wait=false"));
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleBecomesReady() {
        assertThat(folders).hasSizeGreaterThan(5);
        return folders.stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
                    var namespace = folder.getFileName().toString();
                    assertThat(Fleet.agents(cluster.client(), namespace)).isNotEmpty();
                    Cluster.await(namespace + " to be Ready")
                            .untilAsserted(() -> assertThat(Fleet.agents(cluster.client(), namespace))
                                    .allSatisfy(agent -> assertThat(
                                                    agent.getStatus().conditions())
                                            .anySatisfy(condition -> {
                                                assertThat(condition.type()).isEqualTo("Ready");
                                                assertThat(condition.status().name())
                                                        .isEqualTo("True");
                                                assertThat(condition.reason())
                                                        .isEqualTo(
                                                                agent.getSpec().operatingMode() == OperatingMode.Running
                                                                        ? "Available"
                                                                        : "Suspended");
                                            })));
                }));
    }
}
