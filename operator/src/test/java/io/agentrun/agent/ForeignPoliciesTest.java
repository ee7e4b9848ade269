package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignPoliciesTest {
    private static final io.agentrun.api.v1alpha1.Agent AGENT =
            GoldenCase.load(GoldenCase.ROOT.resolve("pod-metadata")).agent();

    static Stream<Arguments> policies() {
        return Stream.of(
                arguments("podSelector: {}\negress: [{}]", "other (egress)"),
                arguments("podSelector: {}\ningress: [{}]", "other (ingress)"),
                arguments("podSelector: {}\negress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]", "other (egress)"),
                arguments("podSelector: {}\negress: [{ports: [{port: 53, protocol: UDP}]}]", "other (dns)"),
                arguments("podSelector: {}\negress: [{ports: [{port: 53, endPort: 99}]}]", "other (egress)"),
                arguments("podSelector: {}\negress: [{ports: [{protocol: UDP}]}]", "other (egress)"),
                arguments("podSelector: {}\negress: [{ports: [{port: dns}]}]", "other (egress)"),
                arguments("podSelector: {}\negress: [{ports: [{port: 53}]}, {ports: [{port: 443}]}]", "other (egress)"),
                arguments("podSelector: {matchLabels: {example.com/team: red}}\negress: [{}]", "other (egress)"),
                arguments("podSelector: {matchLabels: {agentrun.io/agent: bot}}\ningress: [{}]", "other (ingress)"),
                arguments("podSelector: {matchLabels: {agentrun.io/agent: other}}\ningress: [{}]", ""),
                arguments("podSelector: {}\npolicyTypes: [Ingress, Egress]", ""),
                arguments("podSelector: {}\npolicyTypes: [Ingress]\negress: [{}]", ""),
                arguments("podSelector: {}\npolicyTypes: [Egress]\ningress: [{}]", ""),
                arguments("podSelector: {}\npolicyTypes: [Ingress]\ningress: [{}]", "other (ingress)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void whatAPolicyOpens(String spec, String opening) {
        assertThat(ForeignPolicies.openings(AGENT, List.of(policy("other", "golden", spec)), List.of()))
                .map(Object::toString)
                .isEqualTo(opening.isEmpty() ? List.of() : List.of(opening));
    }

    @Test
    void bothDirectionsAndAllPoliciesSorted() {
        var open = "podSelector: {}\negress: [{}]\ningress: [{}]";
        assertThat(ForeignPolicies.openings(
                        AGENT, List.of(policy("b", "golden", open), policy("a", "golden", open)), List.of()))
                .map(Object::toString)
                .containsExactly("a (egress)", "a (ingress)", "b (egress)", "b (ingress)");
    }

    @Test
    void neitherTheAgentsOwnNorAnotherNamespaces() {
        var open = "podSelector: {}\negress: [{}]";
        assertThat(ForeignPolicies.openings(
                        AGENT,
                        List.of(policy("agent-bot", "golden", open), policy("other", "elsewhere", open)),
                        List.of()))
                .isEmpty();
    }

    @Test
    void ourOwnerReferenceInAnotherPolicyIsNoPass() {
        var trojan = policy("trojan", "golden", "podSelector: {}\negress: [{}]");
        trojan.getMetadata().setLabels(Names.labels(AGENT));
        trojan.getMetadata().setOwnerReferences(Names.metadata(AGENT).getOwnerReferences());
        assertThat(ForeignPolicies.openings(AGENT, List.of(trojan), List.of()))
                .map(Object::toString)
                .containsExactly("trojan (egress)");
    }

    /** A label that only pods have would else be a way round. */
    @Test
    void labelsThatOnlyThePodsHaveCountToo() {
        var policies = List.of(
                policy("other", "golden", "podSelector: {matchLabels: {pod-template-hash: 7d9f}}\negress: [{}]"));
        var pod = Pods.ready();
        assertThat(ForeignPolicies.openings(AGENT, policies, List.of(pod))).isEmpty();
        pod.getMetadata().getLabels().put("pod-template-hash", "7d9f");
        assertThat(ForeignPolicies.openings(AGENT, policies, List.of(Pods.ready(), pod)))
                .map(Object::toString)
                .containsExactly("other (egress)");
    }

    @Test
    void onlyDnsIsNotHeldAgainstTheAgent() {
        assertThat(new ForeignPolicies.Opening("a", "dns").onlyDns()).isTrue();
        assertThat(new ForeignPolicies.Opening("a", "egress").onlyDns()).isFalse();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            app   | {operator: In, values: [web, db]}    | true
            app   | {operator: In, values: [db]}         | false
            other | {operator: In, values: [web]}        | false
            app   | {operator: NotIn, values: [web]}     | false
            app   | {operator: NotIn, values: [db]}      | true
            other | {operator: NotIn, values: [web]}     | true
            app   | {operator: Exists}                   | true
            other | {operator: Exists}                   | false
            app   | {operator: DoesNotExist}             | false
            other | {operator: DoesNotExist}             | true
            other | {operator: FromTheFuture}            | true
            """)
    void expressions(String key, String rest, boolean selects) {
        var yaml = "matchExpressions: [%s]".formatted(rest.replace("{", "{key: " + key + ", "));
        assertThat(ForeignPolicies.selects(Serialization.unmarshal(yaml, LabelSelector.class), Map.of("app", "web")))
                .isEqualTo(selects);
    }

    @Test
    void labelsAndExpressionsMustBothHold() {
        var selector = Serialization.unmarshal(
                "matchLabels: {app: web}\nmatchExpressions: [{key: tier, operator: Exists}]", LabelSelector.class);
        assertThat(ForeignPolicies.selects(selector, Map.of("app", "web"))).isFalse();
        assertThat(ForeignPolicies.selects(selector, Map.of("app", "web", "tier", "a")))
                .isTrue();
        assertThat(ForeignPolicies.selects(null, Map.of())).isTrue();
    }

    private static NetworkPolicy policy(String name, String namespace, String spec) {
        return Serialization.unmarshal("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: %s, namespace: %s}
                spec:
                %s""".formatted(name, namespace, spec.indent(2)), NetworkPolicy.class);
    }
}
