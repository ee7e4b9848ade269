package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.LocalRef;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/** An identity of its own for each agent, with no right and no automatic token. */
final class AgentServiceAccount {
    private AgentServiceAccount() {}

    static ServiceAccount render(Agent agent) {
        return new ServiceAccountBuilder()
                .withMetadata(Names.metadata(agent))
                .withAutomountServiceAccountToken(false)
                .withImagePullSecrets(agent.getSpec().imagePullSecrets().stream()
                        .map(LocalRef::name)
                        .map(LocalObjectReference::new)
                        .toList())
                .build();
    }
}
