package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** One pod at a time may be evicted. None at one replica, where it could only block a node's drain. */
final class AgentDisruptionBudget {
    private AgentDisruptionBudget() {}

    static boolean wanted(Agent agent, Effective effective) {
        return effective.replicas().value() > 1;
    }

    static PodDisruptionBudget render(Agent agent) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Names.metadata(agent))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Names.selector(agent))
                .endSelector()
                .endSpec()
                .build();
    }
}
