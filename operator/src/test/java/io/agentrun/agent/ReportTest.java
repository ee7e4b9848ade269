package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentStatus;
import io.agentrun.api.v1alpha1.Condition;
import io.agentrun.api.v1alpha1.ConditionStatus;
import io.agentrun.api.v1alpha1.Phase;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.ImageRule;
import io.agentrun.restriction.Limit;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an owner reads, for every way that a reconciliation can end and everything that the caches can show. */
class ReportTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:10Z");
    private static final Restriction ONE =
            new Restriction(Limit.of(1, "OperatorCap"), Map.of(), null, null, new TreeSet<>());
    private static final Restriction DIGEST = new Restriction(
            null, Map.of(), null, null, new TreeSet<>(List.of(new ImageRule("Policy/fleet", new TreeSet<>(), true))));
    private static final String CRASH = Pods.NOT_READY
            + Pods.GATE_DONE
            + Pods.agent(
                    "state: {terminated: {exitCode: 3, reason: Error, finishedAt: \"2026-01-31T12:00:05Z\"}}", false);
    private static final String EVICTED = "phase: Failed\nreason: Evicted\nmessage: the node was low on memory\n";

    @Test
    void allReplicasReady() {
        var status = applied(agent(""), Restriction.NONE, deployment(1, 1), List.of(Pods.ready()));
        assertReady(status, ConditionStatus.True, "Available", Phase.Running);
        assertCondition(status, "Serving", ConditionStatus.True, "Serving");
        assertCondition(status, "PolicyResolved", ConditionStatus.True, "Unrestricted");
        assertCondition(status, "NetworkIsolated", ConditionStatus.True, "Enforced");
        assertCondition(status, "Hardened", ConditionStatus.True, "Restricted");
        assertThat(status.conditions()).hasSize(5);
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.replicas()).isEqualTo(1);
        assertThat(status.readyReplicas()).isEqualTo(1);
        assertThat(status.selector())
                .isEqualTo("agentrun.io/agent=bot,app.kubernetes.io/component=agent,"
                        + "app.kubernetes.io/managed-by=agentrun-operator");
        assertThat(status.effective()).extracting(value -> value.name()).contains("image", "replicas");
    }

    @Test
    void nothingExistsYet() {
        var status = applied(agent(""), Restriction.NONE, Optional.empty(), List.of());
        assertReady(status, ConditionStatus.False, "Progressing", Phase.Pending);
        assertCondition(status, "Serving", ConditionStatus.False, "Progressing");
        assertCondition(status, "NetworkIsolated", ConditionStatus.Unknown, "NotProved");
        assertCondition(status, "Hardened", ConditionStatus.Unknown, "NoPods");
        assertThat(status.replicas()).isZero();
    }

    @Test
    void theNewestPodsProblemIsTold() {
        var old = new PodBuilder(Pods.with(CRASH))
                .editMetadata()
                .withCreationTimestamp("2026-01-31T11:00:00Z")
                .endMetadata()
                .build();
        var mended = new PodBuilder(Pods.with("""
                        phase: Pending
                        conditions:
                          - {type: PodScheduled, status: "False", reason: Unschedulable, message: no room}
                        """))
                .editMetadata()
                .withCreationTimestamp("2026-01-31T12:00:00Z")
                .endMetadata()
                .build();
        var status = applied(agent(""), Restriction.NONE, deployment(1, 0), List.of(old, mended));
        assertReady(status, ConditionStatus.False, "Unschedulable", Phase.Failed);
    }

    @Test
    void aRolloutWithoutProgressSaysWhy() {
        var stuck = new DeploymentBuilder(deployment(1, 0).orElseThrow())
                .editStatus()
                .addNewCondition()
                .withType("Progressing")
                .withStatus("False")
                .withMessage("deadline exceeded")
                .endCondition()
                .endStatus()
                .build();
        var status = applied(agent(""), Restriction.NONE, Optional.of(stuck), List.of());
        assertReady(status, ConditionStatus.False, "Progressing", Phase.Pending);
        assertThat(condition(status, "Ready").message()).contains("0 of 1").contains("deadline exceeded");
    }

    @Test
    void aCrashWithNobodyLeftIsFailedAndWithOthersDegraded() {
        var failed = applied(agent(""), Restriction.NONE, deployment(1, 0), List.of(Pods.with(CRASH)));
        assertReady(failed, ConditionStatus.False, "CrashLoop", Phase.Failed);
        assertCondition(failed, "Serving", ConditionStatus.False, "CrashLoop");
        assertThat(failed.lastFailure().exitCode()).isEqualTo(3);
        var degraded = applied(
                agent("replicas: 2"), Restriction.NONE, deployment(2, 1), List.of(Pods.ready(), Pods.with(CRASH)));
        assertReady(degraded, ConditionStatus.False, "CrashLoop", Phase.Degraded);
        assertCondition(degraded, "Serving", ConditionStatus.True, "Serving");
    }

    @Test
    void anEvictedPodThatWasReplacedIsPast() {
        var settled = applied(agent(""), Restriction.NONE, deployment(1, 1), List.of(Pods.with(EVICTED), Pods.ready()));
        assertReady(settled, ConditionStatus.True, "Available", Phase.Running);
        var replacing = applied(agent(""), Restriction.NONE, deployment(1, 0), List.of(Pods.with(EVICTED)));
        assertReady(replacing, ConditionStatus.False, "Evicted", Phase.Failed);
    }

    @Test
    void podsThatAreRefusedComeBeforePodsThatFail() {
        var refused = new DeploymentBuilder(deployment(2, 0).orElseThrow())
                .editStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withMessage("exceeded quota: small")
                .endCondition()
                .endStatus()
                .build();
        assertReady(
                applied(agent("replicas: 2"), Restriction.NONE, Optional.of(refused), List.of(Pods.with(CRASH))),
                ConditionStatus.False,
                "QuotaExceeded",
                Phase.Failed);
    }

    @Test
    void suspendedIsReadyOnceItsPodsAreGone() {
        var agent = agent("{operatingMode: Suspended, suspendReason: too chatty, replicas: 3}");
        var stopping = applied(agent, Restriction.NONE, deployment(0, 0), List.of(Pods.dying(Pods.ready())));
        assertReady(stopping, ConditionStatus.False, "Stopping", Phase.Suspended);
        var held = applied(agent, Restriction.NONE, deployment(0, 0), List.of(Pods.with(EVICTED)));
        assertReady(held, ConditionStatus.True, "Suspended", Phase.Suspended);
        assertThat(condition(held, "Ready").message()).contains("too chatty").contains("bring back 3");
        assertCondition(held, "Serving", ConditionStatus.False, "Suspended");
    }

    @Test
    void terminatedIsReady() {
        var status = applied(agent("operatingMode: Terminated"), Restriction.NONE, deployment(0, 0), List.of());
        assertReady(status, ConditionStatus.True, "Terminated", Phase.Terminated);
    }

    @Test
    void zeroReplicasByWish() {
        assertReady(
                applied(agent("replicas: 0"), Restriction.NONE, deployment(0, 0), List.of()),
                ConditionStatus.True,
                "ScaledToZero",
                Phase.Running);
    }

    @Test
    void aCapIsNamed() {
        var status = applied(agent("replicas: 4"), ONE, deployment(1, 1), List.of(Pods.ready()));
        assertReady(status, ConditionStatus.True, "Capped", Phase.Running);
        assertThat(condition(status, "Ready").message()).contains("1 of 4").contains("OperatorCap");
        assertCondition(status, "PolicyResolved", ConditionStatus.True, "Restricted");
        assertThat(condition(status, "PolicyResolved").message()).isEqualTo("restricted: replicas=1 (OperatorCap)");
    }

    @Test
    void aRefusalStalls() {
        var status = applied(agent(""), DIGEST, deployment(0, 0), List.of());
        assertReady(status, ConditionStatus.False, "RefusedByPolicy", Phase.Failed);
        assertCondition(status, "Stalled", ConditionStatus.True, "RefusedByPolicy");
        assertCondition(status, "PolicyResolved", ConditionStatus.False, "RefusedByPolicy");
        assertThat(condition(status, "Ready").message()).contains("Policy/fleet");
    }

    @Test
    void aRolloutInTheQueueIsReady() {
        var effective = Effective.of(agent("").getSpec(), Restriction.NONE, GoldenCase.PLATFORM.defaults());
        var status = Report.status(
                agent(""), seen(deployment(1, 1), List.of(Pods.ready())), new Outcome.Applied(effective, true), NOW);
        assertReady(status, ConditionStatus.True, "RolloutQueued", Phase.Running);
    }

    @Test
    void stalledAndBlockedKeepWhatWasEffective() {
        var agent = agent("");
        agent.setStatus(applied(agent, ONE, deployment(1, 1), List.of(Pods.ready())));
        var seen = seen(deployment(1, 1), List.of(Pods.ready()));
        var stalled = Report.status(agent, seen, new Outcome.Stalled(new Problem("NameTaken", "taken")), NOW);
        assertReady(stalled, ConditionStatus.False, "NameTaken", Phase.Degraded);
        assertCondition(stalled, "Stalled", ConditionStatus.True, "NameTaken");
        assertThat(stalled.effective()).isEqualTo(agent.getStatus().effective()).isNotEmpty();
        var blocked = Report.status(agent, seen, new Outcome.Blocked(new Problem("GatewayMissing", "gone")), NOW);
        assertReady(blocked, ConditionStatus.False, "GatewayMissing", Phase.Degraded);
        assertThat(blocked.conditions()).extracting(Condition::type).doesNotContain("Stalled");
        assertThat(blocked.effective()).isNotEmpty();
    }

    @Test
    void aWeakenedPodIsNamed() {
        var pod = Pods.ready();
        pod.getSpec().setHostPID(true);
        var status = applied(agent(""), Restriction.NONE, deployment(1, 1), List.of(pod));
        assertCondition(status, "Hardened", ConditionStatus.False, "Weakened");
        assertThat(condition(status, "Hardened").message()).contains(Pods.NAME + " shares a namespace of the host");
    }

    @Test
    void theNextLookIsTheFirstPatienceToEnd() {
        var silent = Pods.with(Pods.NOT_READY
                + Pods.GATE_DONE
                + Pods.agent("state: {running: {startedAt: \"2026-01-31T12:00:00Z\"}}", false));
        var seen = seen(deployment(1, 0), List.of(silent));
        assertThat(Report.nextLook(seen, NOW)).contains(Instant.parse("2026-01-31T12:00:30Z"));
        assertThat(Report.nextLook(seen, NOW.plusSeconds(20))).isEmpty();
    }

    @Test
    void aRolloutIsOverOnlyWhenEveryNumberSaysSo() {
        var settled = deployment(2, 2).orElseThrow();
        assertThat(Report.settled(settled, 2)).isTrue();
        assertThat(Report.settled(settled, 1)).isFalse();
        settled.getStatus().setReplicas(3);
        assertThat(Report.settled(settled, 2)).as("an old pod is left").isFalse();
        settled.getStatus().setReplicas(2);
        settled.getMetadata().setGeneration(6L);
        assertThat(Report.settled(settled, 2))
                .as("not seen by its controller yet")
                .isFalse();
        assertThat(Report.settled(deployment(2, 1).orElseThrow(), 2)).isFalse();
    }

    private static Agent agent(String spec) {
        return GoldenCase.agent("""
                apiVersion: agentrun.io/v1alpha1
                kind: Agent
                metadata: {name: bot}
                spec:
                %s""".formatted((spec.isEmpty() ? "{}" : spec).indent(2)));
    }

    private static AgentStatus applied(
            Agent agent, Restriction restriction, Optional<Deployment> deployment, List<Pod> pods) {
        var effective = Effective.of(agent.getSpec(), restriction, GoldenCase.PLATFORM.defaults());
        return Report.status(agent, seen(deployment, pods), new Outcome.Applied(effective, false), NOW);
    }

    private static Observation seen(Optional<Deployment> deployment, List<Pod> pods) {
        return new Observation(deployment, pods, Map.of(), List.of(), true);
    }

    /** A Deployment of the fifth generation, with so many pods and so many of them ready. */
    private static Optional<Deployment> deployment(int replicas, int ready) {
        return Optional.of(Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: agent-bot, namespace: golden, generation: 5}
                spec: {replicas: %1$d}
                status:
                  {observedGeneration: 5, replicas: %1$d, updatedReplicas: %1$d, readyReplicas: %2$d, availableReplicas: %2$d}
                """.formatted(replicas, ready), Deployment.class));
    }

    private static Condition condition(AgentStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static void assertCondition(AgentStatus status, String type, ConditionStatus value, String reason) {
        assertThat(condition(status, type).status() + " "
                        + condition(status, type).reason())
                .as(condition(status, type).message())
                .isEqualTo(value + " " + reason);
    }

    private static void assertReady(AgentStatus status, ConditionStatus value, String reason, Phase phase) {
        assertCondition(status, "Ready", value, reason);
        assertThat(status.phase()).isEqualTo(phase);
    }
}
