package io.agentrun.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the strict reader takes, and what it says when it does not. */
class AgentReaderTest {
    private static final String HEAD = "apiVersion: agentrun.io/v1alpha1\nkind: Agent\nmetadata: {name: a}\n";

    @Test
    void anAgentWithoutSpecHasAllDefaults() {
        assertThat(read(HEAD).getSpec()).isEqualTo(defaults());
        assertThat(read(HEAD + "spec:\n").getSpec()).isEqualTo(defaults());
    }

    @Test
    void everythingThatWasWrittenIsRead() {
        var spec = read(HEAD + """
                spec:
                  replicas: 3
                  egress: {mode: None}
                  env: [{name: A, value: "1"}]
                  resources: {limits: {cpu: 2, memory: 1Gi}}
                  lifecycle: {shutdownTimeout: 1m30s}
                """).getSpec();
        assertThat(spec.replicas()).isEqualTo(3);
        assertThat(spec.egress().mode()).isEqualTo(EgressMode.None);
        assertThat(spec.env()).containsExactly(new EnvVar("A", "1", null, null));
        assertThat(spec.resources().limits())
                .containsEntry("cpu", new Quantity("2"))
                .containsEntry("memory", new Quantity("1Gi"));
        assertThat(spec.lifecycle().shutdownTimeout().toDuration()).hasSeconds(90);
    }

    @Test
    void jsonIsReadToo() {
        var json = """
                {
                \t"apiVersion": "agentrun.io/v1alpha1", "kind": "Agent",
                \t"metadata": {"name": "a"}, "spec": {"replicas": 2}
                }
                """;
        assertThat(read(json).getSpec().replicas()).isEqualTo(2);
    }

    @Test
    void anchorsAndMergeKeysMeanWhatTheyMeanToKubectl() {
        var spec = read(HEAD + """
                spec:
                  isolation:
                    scratch:
                    - &tmp {path: /tmp, size: 64Mi}
                    - {<<: *tmp, path: /cache}
                """).getSpec();
        assertThat(spec.isolation().scratch())
                .containsExactly(Scratch.of("/tmp", "64Mi"), Scratch.of("/cache", "64Mi"));
    }

    @Test
    void nullIsTheSameAsNothing() {
        assertThat(read(HEAD + "spec: {replicas: null, scheduling: {nodeSelector: {a: null}}}")
                        .getSpec())
                .isEqualTo(defaults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "egress: {mode: Open}|spec.egress.mode: \"Open\" is not one of Direct, Proxy, None",
                "egress: {mode: 5}|spec.egress.mode: 5 is not one of Direct, Proxy, None",
                "replicas: \"3\"|spec.replicas: \"3\" is not a whole number: write one, without quotes",
                "replicas: 1.5|spec.replicas: 1.5 is not a whole number: write one, without quotes",
                "replicas: 4294967296|spec.replicas: 4294967296 is out of range: must be between 0 and 1000",
                "hostNetwork: true|spec.hostNetwork: unknown field: remove it, or write one of args, command",
                "endpoint: {prot: 1}|spec.endpoint.prot: unknown field: remove it, or write one of healthPath, port, protocol",
                "env: [{name: A, value: 5}]|spec.env[0].value: 5 is not text: put it in quotes",
                "env: [{name: A, value: yes}]|spec.env[0].value: true is not text: put it in quotes",
                "env: [null]|spec.env[0]: null is not an object: write fields, name: value",
                "env: {A: b}|spec.env: {\"A\":\"b\"} is not a list: write items that begin with '-'",
                "command: [[a]]|spec.command[0]: [\"a\"] is not text: write a text",
                "command: sleep|spec.command: \"sleep\" is not a list: write items that begin with '-'",
                "egress: None|spec.egress: \"None\" is not an object: write fields, name: value",
                "lifecycle: {shutdownTimeout: PT15M}|spec.lifecycle.shutdownTimeout: \"PT15M\": must be a duration between 1s and 1h",
                "lifecycle: {shutdownTimeout: 30}|spec.lifecycle.shutdownTimeout: 30: must be a duration between 1s and 1h",
                "lifecycle: {failureLogTail: \"true\"}|spec.lifecycle.failureLogTail: \"true\" is neither true nor false",
                "resources: {limits: {cpu: lots}}|spec.resources.limits.cpu: \"lots\": each value must be a quantity",
                "resources: {limits: {cpu: 0.5}}|spec.resources.limits.cpu: 0.5 is neither text nor a whole number",
                "isolation: {scratch: [{path: /a, size: 65536}]}|spec.isolation.scratch[0].size: 65536 is not text: put it",
            })
    void aFaultIsASentenceThatBeginsWithItsPath(String spec, String fault) {
        assertThat(refused(HEAD + "spec: {" + spec + "}"))
                .singleElement()
                .asString()
                .startsWith(fault);
    }

    @Test
    void everyFaultIsReportedAtOnce() {
        assertThat(refused(
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: 5, lables: {}}\nspec: {replicas: many, foo: 1}\n"))
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "just a word",
                "[1, 2]",
                "{\"apiVersion\": ",
                "a: b: c",
                "a:\n\t- b",
                "kind: Agent\nkind: Agent",
                "{\"kind\": \"Agent\", \"kind\": \"Agent\"}",
                "a: *nowhere",
                "a: !!java.io.File [x]",
                "a: 1\n---\nb: 2",
                "a: .inf",
                "a: \"\u0000\"",
                "{{ template }}",
                "? [a]\n: b",
                "&a [*a]",
            })
    void whatIsNoManifestIsRefusedInLinesWithoutStackTraces(String document) {
        assertThat(refused(document))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).isNotBlank().doesNotContain("\n", "Exception", "io.agentrun"));
    }

    @ParameterizedTest
    @CsvSource({
        "0777, 511",
        "0x1F, 31",
        "1_0, 10",
        "1:30, text",
        "1e2, 100",
        "1.0, 1",
        "+3, 3",
        "089, 89",
    })
    void plainScalarsMeanWhatTheyMeanToKubectl(String scalar, String meaning) {
        var document = HEAD + "spec: {replicas: " + scalar + "}";
        if (meaning.equals("text")) {
            assertThat(refused(document))
                    .singleElement()
                    .asString()
                    .contains("\"" + scalar + "\" is not a whole number");
        } else {
            assertThat(read(document).getSpec().replicas()).isEqualTo(Integer.parseInt(meaning));
        }
    }

    private static AgentSpec defaults() {
        return new AgentSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null);
    }

    private static Agent read(String document) {
        return switch (AgentReader.read(document)) {
            case AgentReader.Read read -> read.agent();
            case AgentReader.Refused refused -> throw new AssertionError(String.join("\n", refused.faults()));
        };
    }

    private static List<String> refused(String document) {
        return switch (AgentReader.read(document)) {
            case AgentReader.Read read -> throw new AssertionError("was read: " + read.agent());
            case AgentReader.Refused refused -> refused.faults();
        };
    }
}
