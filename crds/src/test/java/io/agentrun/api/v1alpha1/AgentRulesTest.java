package io.agentrun.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema's rules in Java. That they agree with the API server is shown beside it; here is what they say. */
class AgentRulesTest {
    private static final String HEAD = "apiVersion: agentrun.io/v1alpha1\nkind: Agent\nmetadata: {name: a}\nspec: ";

    @Test
    void theDefaultsAreFine() {
        assertThat(violations("{}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "1a", "a-", "a.b", "a_b", "a\n", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx"})
    void aBadNameIsNamed(String name) {
        assertThat(AgentRules.violations(name, spec("{}"))).containsExactly(Agent.NAME_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{replicas: 1001}|spec.replicas: must be between 0 and 1000, not 1001",
                "{env: [{value: x}]}|spec.env[0].name: must be set",
                "{env: [{name: A, value: x}, {name: A, value: z}]}|spec.env[1]: there is another item with name [A]:",
                "{egress: {services: [{name: a, port: 1}, {name: a, port: 1}]}}|spec.egress.services[1]: there is another item with name and port [a, 1]:",
                "{egress: {mode: Direct, cidrs: [10.0.0.0/8, 10.0.0.0/8]}}|spec.egress.cidrs[1]: there is another item with 10.0.0.0/8:",
                "{egress: {mode: Direct}}|spec.egress: egress.cidrs goes with mode Direct and only with it",
                "{scaling: {metrics: []}}|spec.scaling.metrics: must have at least 1 items, not 0",
                "{isolation: {runtimeClassName: A}}|spec.isolation.runtimeClassName: must be the name of an object",
                "{podMetadata: {annotations: {a/b: x, agentrun.io/x: z}}}|spec.podMetadata.annotations: keys of agentrun.io",
            })
    void aViolationBeginsWithItsPath(String spec, String violation) {
        assertThat(violations(spec)).singleElement().asString().startsWith(violation);
    }

    @Test
    void lengthsAreCountedInCharacters() {
        assertThat(violations("{env: [{name: A, value: \"" + "€".repeat(4096) + "\"}]}"))
                .isEmpty();
        assertThat(violations("{env: [{name: A, value: \"" + "€".repeat(4097) + "\"}]}"))
                .containsExactly("spec.env[0].value: must have at most 4096 characters, not 4097");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, true",
        "10.0.0.0/8, true",
        "10.0.0.1/32, true",
        "10.0.0.1/8, false",
        "010.0.0.0/8, false",
        "10.0.0/8, false",
        "10.0.0.0/33, false",
        "10.0.0.0/08, false",
        "10.0.0.0, false",
        "256.0.0.0/8, false",
        "::/0, true",
        "2001:db8::/32, true",
        "2001:db8::1/128, true",
        "2001:db8::1/64, false",
        "::ffff:10.0.0.0/104, false",
        "fe80::1%eth0/128, false",
        "1::2::3/128, false",
        "localhost/8, false",
        "/8, false",
    })
    void rangesAreWhatCelTakes(String range, boolean fine) {
        assertThat(violations("{ingress: {from: [{cidr: \"" + range + "\"}]}}").isEmpty())
                .isEqualTo(fine);
    }

    @Test
    void aRuleWithoutATwinIsFoundWhenTheRulesAreMade() {
        assertThatThrownBy(() -> new RecordRules.Builder().build(Lonely.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a twin: [self.a == 'b']");
        assertThatThrownBy(() -> new RecordRules.Builder()
                        .text("self.a == 'b'", a -> true)
                        .text("true", a -> true)
                        .build(Lonely.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a rule: [true]");
    }

    /** A record with a rule that nobody checks. */
    @ValidationRule(value = "self.a == 'b'", message = "no")
    record Lonely(String a) {}

    private static List<String> violations(String spec) {
        return AgentRules.violations("a", spec(spec));
    }

    private static AgentSpec spec(String spec) {
        return switch (AgentReader.read(HEAD + spec)) {
            case AgentReader.Read read -> read.agent().getSpec();
            case AgentReader.Refused refused -> throw new AssertionError(String.join("\n", refused.faults()));
        };
    }
}
