package io.agentrun.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code agentrun render}, as a pipeline sees it: exit code, standard output, standard error. */
class RenderCommandTest {
    private static final String AGENT = """
            apiVersion: agentrun.io/v1alpha1
            kind: Agent
            metadata: {name: %s}
            spec: %s
            """;

    @TempDir
    private Path folder;

    private record Run(int code, String out, String err) {}

    private static Run run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var code = Agentrun.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Run(code, out.toString(), err.toString());
    }

    private Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return file;
    }

    @Test
    void printsEveryChildOfEveryAgentInAFolder() throws IOException {
        write("a.yaml", AGENT.formatted("one", "{}"));
        write("deep/b.yml", "kind: ConfigMap\napiVersion: v1\n---\n" + AGENT.formatted("two", "{replicas: 2}"));
        write("notes.txt", "not a manifest");
        var run = run("render", "-f", folder.toString(), "-n", "team");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().filter("kind: \"Deployment\""::equals)).hasSize(2);
        assertThat(run.out().lines().filter("kind: \"NetworkPolicy\""::equals)).hasSize(2);
        assertThat(run.out().lines().filter("kind: \"PodDisruptionBudget\""::equals))
                .hasSize(1);
        assertThat(run.out()).contains("name: \"agent-one\"", "name: \"agent-two\"", "namespace: \"team\"");
    }

    @Test
    void theFirstDocumentAfterAMarkerKeepsItsFirstLine() throws IOException {
        var file = write("a.yaml", "# a comment\n---\n" + AGENT.formatted("one", "{}"));
        assertThat(run("render", "-f", file.toString()).code()).isZero();
    }

    @Test
    void namesEveryFaultAndPrintsNothing() throws IOException {
        write("a.yaml", AGENT.formatted("good", "{}"));
        write("b.yaml", AGENT.formatted("bad", "{replicas: 5, executionMode: Continuous}"));
        write("c.yaml", AGENT.formatted("worse", "{egress: {mode: Open}, nonsense: 1}"));
        var run = run("render", "-f", folder.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("b.yaml: agent default/bad: ", "executionMode Continuous runs one replica: set replicas to 1")
                .contains("c.yaml: spec.egress.mode: \"Open\" is not one of Direct, Proxy, None")
                .contains("spec.nonsense")
                .contains("faults, nothing was rendered")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void readsStandardInput() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(AGENT.formatted("one", "{}").getBytes(StandardCharsets.UTF_8)));
            var run = run("render", "-f", "-");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).contains("name: \"agent-one\"");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void usesServicesOfTheSameManifestsAndSaysWhichAreMissing() throws IOException {
        var file = write(
                "a.yaml",
                AGENT.formatted("one", "{egress: {services: [{name: db, port: 5432}, {name: gone, port: 1}]}}") + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec: {clusterIP: 10.0.0.9, selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}
                """);
        var run = run("render", "-f", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("port: 15432", "ip: \"10.0.0.9\"");
        assertThat(run.err())
                .contains("Service gone is not among the manifests")
                .doesNotContain("Service db");
    }

    @Test
    void knowsTheServicesThatAgentsOfTheSameManifestsBring() throws IOException {
        var file = write(
                "a.yaml",
                AGENT.formatted("asks", "{egress: {services: [{name: agent-answers, port: 9090}]}}") + "---\n"
                        + AGENT.formatted("answers", "{endpoint: {port: 9090}}"));
        var run = run("render", "-f", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).containsPattern("(?s)egress:.*port: 9090.*agentrun.io/agent: \"answers\".*podSelector:");
    }

    @Test
    void takesTheOperatorsConfiguration() throws IOException {
        var config = write("application.properties", """
                agentrun.caps.max-replicas=1
                agentrun.caps.registries=registry.example.com
                agentrun.defaults.limits.memory=1Gi
                """);
        var capped = write("capped.yaml", AGENT.formatted("one", "{replicas: 3, image: registry.example.com/a:1}"));
        var run = run("render", "-f", capped.toString(), "--config", config.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("replicas: 1", "memory: \"1216Mi\"");
        var foreign = write("foreign.yaml", AGENT.formatted("one", "{image: other.example.com/a:1}"));
        var refused = run("render", "-f", foreign.toString(), "--config", config.toString());
        assertThat(refused.out()).contains("replicas: 0");
        assertThat(refused.err()).contains("is not from an allowed registry: use one from registry.example.com");
    }

    @Test
    void isUnusableWithoutAReadableFileOrAnAgent() throws IOException {
        assertThat(run("render", "-f", folder.resolve("none.yaml").toString()))
                .satisfies(run -> assertThat(run.code()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("can't read"));
        assertThat(run("render").code()).isEqualTo(2);
        var empty = write("empty.yaml", "kind: ConfigMap\n");
        assertThat(run("render", "-f", empty.toString()))
                .satisfies(run -> assertThat(run.code()).isEqualTo(1))
                .satisfies(run -> assertThat(run.err()).contains("no Agent in"));
    }
}
