package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.kube.Conditions.Finding;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.stream.Collectors;

/** The condition {@code NetworkIsolated}: proved pod by pod by the gate, and held against everything that could undo it. */
final class Isolated {
    static final String TYPE = "NetworkIsolated";

    private Isolated() {}

    static Finding finding(Agent agent, Observation seen, Instant now) {
        var openings = ForeignPolicies.openings(agent, seen.policies(), seen.pods());
        var wide = openings.stream().filter(o -> !o.onlyDns()).toList();
        if (!wide.isEmpty()) {
            return Finding.no(
                    TYPE,
                    "WidenedByPolicy",
                    "other NetworkPolicies select the agent's pods and open more: "
                            + wide.stream().map(Object::toString).collect(Collectors.joining(", "))
                            + ". Delete them, or let their podSelector leave out agentrun.io/agent="
                            + agent.getMetadata().getName());
        }
        if (!seen.childrenProtected()) {
            return Finding.no(
                    TYPE,
                    "AdmissionPolicyMissing",
                    "the ValidatingAdmissionPolicy agentrun-children or its binding is missing, so one label edit on a pod"
                            + " ends its isolation: apply k8s/base again");
        }
        var pods = seen.living();
        var stuck = pods.stream()
                .map(pod -> PodProblems.of(agent.getSpec(), pod, java.util.List.of(), now))
                .flatMap(java.util.Optional::stream)
                .filter(problem -> problem.reason().equals("NotEnforced"))
                .findFirst();
        if (stuck.isPresent()) {
            return Finding.no(TYPE, stuck.get().reason(), stuck.get().message());
        }
        var proved = pods.stream().filter(Isolated::proved).count();
        if (proved == 0) {
            return Finding.unknown(TYPE, "NotProved", "no pod has passed the isolation gate yet");
        }
        var dns = openings.isEmpty()
                ? ""
                : "; name resolution is opened by "
                        + openings.stream().map(ForeignPolicies.Opening::name).collect(Collectors.joining(", "));
        return Finding.yes(
                TYPE,
                "Enforced",
                proved == pods.size()
                        ? "every pod was found isolated before the agent started" + dns
                        : proved + " of " + pods.size() + " pods were found isolated before the agent started" + dns);
    }

    private static boolean proved(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getInitContainerStatuses().stream()
                        .anyMatch(s -> s.getName().equals(AgentGate.NAME)
                                && s.getState() != null
                                && s.getState().getTerminated() != null
                                && Integer.valueOf(0)
                                        .equals(s.getState().getTerminated().getExitCode()));
    }
}
