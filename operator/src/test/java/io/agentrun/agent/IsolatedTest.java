package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.ConditionStatus;
import io.agentrun.kube.Conditions.Finding;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Isolation is claimed only when a gate proved it and nothing undoes it. */
class IsolatedTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:10Z");
    private static final Agent AGENT =
            GoldenCase.load(GoldenCase.ROOT.resolve("minimal")).agent();

    @Test
    void aPodBehindItsGateProvesIt() {
        assertFinding(finding(List.of(Pods.ready()), List.of(), true), ConditionStatus.True, "Enforced", "every pod");
    }

    @Test
    void whoHasNotPassedTheGateIsCounted() {
        var starting = Pods.with("phase: Pending\n");
        assertFinding(
                finding(List.of(Pods.ready(), starting), List.of(), true), ConditionStatus.True, "Enforced", "1 of 2");
        assertFinding(
                finding(List.of(starting), List.of(), true), ConditionStatus.Unknown, "NotProved", "no pod has passed");
        assertFinding(finding(List.of(), List.of(), true), ConditionStatus.Unknown, "NotProved", "no pod has passed");
    }

    @Test
    void aGateThatFailedProvesNothing() {
        var failed = Pods.with("""
                phase: Pending
                initContainerStatuses:
                  - {name: isolated, restartCount: 0, state: {terminated: {exitCode: 1, reason: Error}}}
                """);
        assertFinding(
                finding(List.of(failed), List.of(), true), ConditionStatus.Unknown, "NotProved", "no pod has passed");
    }

    @Test
    void aGateThatWaitsForLongFoundNoEngine() {
        var waiting = Pods.with("""
                phase: Pending
                initContainerStatuses:
                  - {name: isolated, restartCount: 0, state: {running: {startedAt: "2026-01-31T11:00:00Z"}}}
                """);
        assertFinding(
                finding(List.of(Pods.ready(), waiting), List.of(), true),
                ConditionStatus.False,
                "NotEnforced",
                "NetworkPolicy engine");
    }

    @Test
    void anotherPolicyCanUndoIt() {
        assertFinding(
                finding(List.of(Pods.ready()), List.of(policy("egress: [{}]")), true),
                ConditionStatus.False,
                "WidenedByPolicy",
                "foreign (egress)");
        assertFinding(
                finding(List.of(Pods.ready()), List.of(policy("egress: [{ports: [{port: 53}]}]")), true),
                ConditionStatus.True,
                "Enforced",
                "name resolution is opened by foreign");
    }

    @Test
    void unprotectedLabelsUndoIt() {
        assertFinding(
                finding(List.of(Pods.ready()), List.of(), false),
                ConditionStatus.False,
                "AdmissionPolicyMissing",
                "k8s/base");
    }

    private static Finding finding(List<Pod> pods, List<NetworkPolicy> policies, boolean childrenProtected) {
        return Isolated.finding(
                AGENT, new Observation(Optional.empty(), pods, Map.of(), policies, childrenProtected), NOW);
    }

    private static NetworkPolicy policy(String rules) {
        return Serialization.unmarshal("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: foreign, namespace: golden}
                spec:
                  podSelector: {}
                  %s
                """.formatted(rules), NetworkPolicy.class);
    }

    private static void assertFinding(Finding finding, ConditionStatus status, String reason, String part) {
        assertThat(finding.type()).isEqualTo("NetworkIsolated");
        assertThat(finding.status() + " " + finding.reason()).isEqualTo(status + " " + reason);
        assertThat(finding.message()).contains(part);
    }
}
