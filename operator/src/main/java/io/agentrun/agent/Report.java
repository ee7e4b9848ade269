package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentStatus;
import io.agentrun.api.v1alpha1.EffectiveValue;
import io.agentrun.api.v1alpha1.OperatingMode;
import io.agentrun.api.v1alpha1.Phase;
import io.agentrun.kube.Conditions;
import io.agentrun.kube.Conditions.Finding;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of an agent, from what was wished, done and seen. Pure; time is a value. */
final class Report {
    /** The operator has done its job for this generation; a suspended agent is Ready. */
    static final String READY = "Ready";
    /** At least one replica answers. */
    static final String SERVING = "Serving";
    /** A person must mend something; only there while true. */
    static final String STALLED = "Stalled";
    /** The restrictions let the agent run. */
    static final String POLICY_RESOLVED = "PolicyResolved";

    private Report() {}

    /** The new status. */
    static AgentStatus status(Agent agent, Observation seen, Outcome outcome, Instant now) {
        var old = agent.getStatus() == null ? AgentStatus.empty() : agent.getStatus();
        var findings = new ArrayList<Finding>();
        var ready = ready(agent, seen, outcome, now);
        findings.add(ready);
        findings.add(serving(agent, seen, ready));
        findings.add(Isolated.finding(agent, seen, now));
        findings.add(hardened(seen.living()));
        List<EffectiveValue> effective = old.effective();
        switch (outcome) {
            case Outcome.Applied applied -> {
                effective = applied.effective().describe();
                findings.add(resolved(applied.effective()));
                if (!applied.effective().refusals().isEmpty()) {
                    findings.add(Finding.yes(STALLED, ready.reason(), ready.message()));
                }
            }
            case Outcome.Stalled stalled ->
                findings.add(Finding.yes(
                        STALLED, stalled.problem().reason(), stalled.problem().message()));
            case Outcome.Blocked blocked -> {
                // Nothing more to say: Ready carries the reason, and it is tried again.
            }
        }
        return new AgentStatus(
                agent.getMetadata().getGeneration(),
                phase(agent, seen, ready),
                replicas(seen),
                readyReplicas(seen),
                Names.selectorText(agent),
                effective,
                LastFailures.newest(old.lastFailure(), seen.pods()),
                Conditions.update(
                        old.conditions(), findings, agent.getMetadata().getGeneration(), now));
    }

    /** When the status may read differently though no object changes: the next patience that ends. */
    static Optional<Instant> nextLook(Observation seen, Instant now) {
        return seen.pods().stream()
                .map(PodProblems::nextLook)
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now))
                .min(Instant::compareTo);
    }

    private static Finding ready(Agent agent, Observation seen, Outcome outcome, Instant now) {
        return switch (outcome) {
            case Outcome.Stalled stalled ->
                Finding.no(READY, stalled.problem().reason(), stalled.problem().message());
            case Outcome.Blocked blocked ->
                Finding.no(READY, blocked.problem().reason(), blocked.problem().message());
            case Outcome.Applied applied -> applied(agent, seen, applied, now);
        };
    }

    private static Finding applied(Agent agent, Observation seen, Outcome.Applied applied, Instant now) {
        var effective = applied.effective();
        if (!effective.refusals().isEmpty()) {
            return Finding.no(READY, "RefusedByPolicy", String.join("; ", effective.refusals()));
        }
        var mode = agent.getSpec().operatingMode();
        if (mode != OperatingMode.Running) {
            var why = agent.getSpec().suspendReason();
            var left = seen.living().size();
            return left == 0
                    ? Finding.yes(
                            READY,
                            mode.name(),
                            "held at 0 replicas by spec.operatingMode" + (why == null ? "" : ": " + why)
                                    + ". Set operatingMode Running to bring back "
                                    + agent.getSpec().replicas())
                    : Finding.no(READY, "Stopping", left + " pods are on their way out");
        }
        int wished = effective.replicas().value();
        if (seen.deployment().filter(d -> settled(d, wished)).isEmpty()) {
            var problem = problem(agent, seen, now);
            if (problem.isPresent()) {
                return Finding.no(READY, problem.get().reason(), problem.get().message());
            }
            return Finding.no(
                    READY,
                    "Progressing",
                    readyReplicas(seen) + " of " + wished + " replicas are ready" + progress(seen.deployment()));
        }
        if (applied.waitsForRollout()) {
            return Finding.yes(
                    READY,
                    "RolloutQueued",
                    "runs an older pod template: the new one waits for its turn, since only so many agents are replaced at"
                            + " a time");
        }
        if (effective.held()) {
            return Finding.yes(
                    READY,
                    "Capped",
                    "runs " + wished + " of " + effective.wished() + " wished replicas, held by "
                            + String.join(", ", effective.replicas().origins()));
        }
        return wished == 0
                ? Finding.yes(READY, "ScaledToZero", "spec.replicas is 0; raise it to run the agent")
                : Finding.yes(READY, "Available", "all " + wished + " replicas are ready");
    }

    private static String progress(Optional<Deployment> deployment) {
        return deployment
                .filter(d -> d.getStatus() != null)
                .flatMap(d -> d.getStatus().getConditions().stream()
                        .filter(c -> c.getType().equals("Progressing")
                                && c.getStatus().equals("False"))
                        .findFirst())
                .map(c -> "; no progress any more: " + c.getMessage())
                .orElse("");
    }

    /** The rollout of exactly this wish is over. */
    static boolean settled(Deployment deployment, int wished) {
        var status = deployment.getStatus();
        return status != null
                && deployment.getSpec().getReplicas() == wished
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration()
                && count(status.getUpdatedReplicas()) == wished
                && count(status.getAvailableReplicas()) == wished
                && count(status.getReplicas()) == wished;
    }

    /** Of pods that live first: one that was ended may say why too few are left, but is past. */
    private static Optional<Problem> problem(Agent agent, Observation seen, Instant now) {
        var creation = seen.deployment().flatMap(ReplicaProblems::of);
        if (creation.isPresent()) {
            return creation;
        }
        // The newest pod first: it is what the spec as it is now runs into, and the old ones stay until it is Ready.
        return Stream.of(seen.living(), seen.ended())
                .flatMap(pods -> pods.stream()
                        .sorted(Comparator.comparing(Report::created).reversed()))
                .map(pod -> PodProblems.of(
                        agent.getSpec(),
                        pod,
                        seen.warnings().getOrDefault(pod.getMetadata().getName(), List.of()),
                        now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String created(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), "");
    }

    private static Finding serving(Agent agent, Observation seen, Finding ready) {
        int count = readyReplicas(seen);
        if (count > 0) {
            return Finding.yes(SERVING, "Serving", count + " replicas are ready");
        }
        var on = agent.getSpec().operatingMode() == OperatingMode.Running;
        return Finding.no(
                SERVING, on ? ready.reason() : agent.getSpec().operatingMode().name(), ready.message());
    }

    private static Finding resolved(Effective effective) {
        if (!effective.refusals().isEmpty()) {
            return Finding.no(POLICY_RESOLVED, "RefusedByPolicy", String.join("; ", effective.refusals()));
        }
        var clipped = effective.describe().stream()
                .filter(value -> value.origins().stream()
                        .noneMatch(origin -> origin.startsWith(Effective.AGENT) || origin.equals(Effective.DEFAULT)))
                .map(value -> value.name() + "=" + value.value() + " (" + String.join(", ", value.origins()) + ")")
                .toList();
        return clipped.isEmpty()
                ? Finding.yes(POLICY_RESOLVED, "Unrestricted", "no restriction changes what the agent asks for")
                : Finding.yes(POLICY_RESOLVED, "Restricted", "restricted: " + String.join(", ", clipped));
    }

    private static Finding hardened(List<Pod> pods) {
        if (pods.isEmpty()) {
            return Finding.unknown("Hardened", "NoPods", "no pod exists to be judged");
        }
        var faults = pods.stream()
                .flatMap(pod -> Hardening.faults(pod).stream()
                        .map(fault -> "pod " + pod.getMetadata().getName() + " " + fault))
                .limit(5)
                .toList();
        return faults.isEmpty()
                ? Finding.yes(
                        "Hardened",
                        "Restricted",
                        "every pod meets the restricted standard, with a read-only root,"
                                + " no capability and no token")
                : Finding.no(
                        "Hardened",
                        "Weakened",
                        String.join("; ", faults)
                                + ". Look for an admission webhook that changes pods, or delete the pod");
    }

    private static Phase phase(Agent agent, Observation seen, Finding ready) {
        var mode = agent.getSpec().operatingMode();
        if (mode == OperatingMode.Terminated) {
            return Phase.Terminated;
        }
        if (mode == OperatingMode.Suspended) {
            return Phase.Suspended;
        }
        return switch (ready.status()) {
            case True -> Phase.Running;
            case Unknown -> Phase.Pending;
            case False -> {
                if (readyReplicas(seen) > 0) {
                    yield Phase.Degraded;
                }
                yield ready.reason().equals("Progressing") ? Phase.Pending : Phase.Failed;
            }
        };
    }

    private static int replicas(Observation seen) {
        return seen.deployment()
                .filter(d -> d.getStatus() != null)
                .map(d -> count(d.getStatus().getReplicas()))
                .orElse(0);
    }

    private static int readyReplicas(Observation seen) {
        return seen.deployment()
                .filter(d -> d.getStatus() != null)
                .map(d -> count(d.getStatus().getReadyReplicas()))
                .orElse(0);
    }

    private static int count(Integer number) {
        return number == null ? 0 : number;
    }
}
