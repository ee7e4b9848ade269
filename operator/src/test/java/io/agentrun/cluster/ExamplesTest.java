package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.OperatingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every story in {@code examples} works as it stands: applied with kubectl, as its first lines say, it becomes Ready. Its
 * namespace is replaced by one of the test's own, so that a reader's is never deleted.
 */
@Tag("cluster")
class ExamplesTest {
    /** So many stories run at a time; all of them would not fit on two cores. */
    private static final int AT_ONCE = 4;

    private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: .*\n");
    private static final Map<String, Cluster> RUNNING = new HashMap<>();

    @AfterAll
    static void end() {
        RUNNING.values().forEach(Cluster::close);
    }

    private static List<Path> stories() throws IOException {
        try (var folders = Files.list(Cluster.repository("examples"))) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> !folder.endsWith("invalid"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> becomesReady() throws IOException {
        var stories = stories();
        assertThat(stories).hasSizeGreaterThan(10);
        var tests = new ArrayList<DynamicTest>();
        for (int i = 0; i < stories.size(); i++) {
            var story = stories.get(i);
            // While one is waited for, the next ones start.
            var ahead = stories.subList(i, Math.min(stories.size(), i + AT_ONCE));
            tests.add(DynamicTest.dynamicTest(story.getFileName().toString(), () -> {
                ahead.forEach(next -> RUNNING.computeIfAbsent(name(next), name -> begin(next)));
                try (var cluster = RUNNING.get(name(story))) {
                    look(cluster, manifests(story));
                } finally {
                    RUNNING.remove(name(story));
                }
            }));
        }
        return tests.stream();
    }

    private static String name(Path story) {
        return story.getFileName().toString();
    }

    private static Cluster begin(Path story) {
        var cluster = new Cluster("example-" + name(story));
        var manifests = manifests(story);
        if (manifests.contains("PersistentVolumeClaim") && Cluster.local()) {
            // Where a storage class would make one.
            Volumes.provide(cluster, "keeper-memory");
        }
        assertThat(cluster.kubectlWith(manifests, "apply", "-f", "-"))
                .as(name(story))
                .contains("created")
                .doesNotContain("rror");
        return cluster;
    }

    /** The folder's files, for a namespace of the test's own. */
    private static String manifests(Path story) {
        try (var files = Files.list(story)) {
            return files.sorted()
                    .map(ExamplesTest::read)
                    .flatMap(text -> Stream.of(text.split("(?m)^---\n")))
                    .filter(document -> !document.contains("\nkind: Namespace\n"))
                    .map(document -> NAMESPACE.matcher(document).replaceAll(""))
                    .collect(Collectors.joining("---\n"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            var text = Files.readString(file);
            assertThat(text).as("%s begins with its story", file).startsWith("# ");
            return text;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void look(Cluster cluster, String manifests) {
        var agents = agents(cluster);
        assertThat(agents).hasSize(manifests.split("\nkind: Agent\n", -1).length - 1);
        for (var agent : agents) {
            var name = agent.getMetadata().getName();
            if (agent.getSpec().operatingMode() == OperatingMode.Running) {
                cluster.awaitReady(name);
                cluster.awaitCondition(name, "NetworkIsolated", "True", "Enforced");
                cluster.awaitCondition(name, "Hardened", "True", "Restricted");
            } else {
                cluster.awaitCondition(
                        name, "Ready", "True", agent.getSpec().operatingMode().name());
                assertThat(cluster.pods(name)).isEmpty();
            }
        }
    }

    private static List<Agent> agents(Cluster cluster) {
        return cluster.client()
                .resources(Agent.class)
                .inNamespace(cluster.namespace())
                .list()
                .getItems();
    }
}
