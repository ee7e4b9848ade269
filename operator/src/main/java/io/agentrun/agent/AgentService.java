package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The agent's address inside the cluster; who may use it is the NetworkPolicy's matter. */
final class AgentService {
    private AgentService() {}

    static Service render(Agent agent) {
        int port = agent.getSpec().endpoint().port();
        return new ServiceBuilder()
                .withMetadata(Names.metadata(agent))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(Names.selector(agent))
                .addNewPort()
                .withName("agent")
                .withPort(port)
                .withTargetPort(new IntOrString(port))
                .withProtocol("TCP")
                .endPort()
                .withSessionAffinity("None")
                .withInternalTrafficPolicy("Cluster")
                .endSpec()
                .build();
    }
}
