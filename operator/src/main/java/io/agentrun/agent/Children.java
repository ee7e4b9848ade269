package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EndpointProtocol;
import io.agentrun.api.v1alpha1.OperatingMode;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The desired children of an agent. Pure: the same values give the same objects, byte for byte. Every field that the API server
 * would default is written out, so that a child can be compared whole.
 */
public final class Children {
    /** Every kind that an agent may own, in the order of writing: the network is closed before the first pod exists. */
    public static final List<Class<? extends HasMetadata>> KINDS = List.of(
            NetworkPolicy.class,
            ServiceAccount.class,
            ConfigMap.class,
            Service.class,
            Deployment.class,
            PodDisruptionBudget.class,
            HorizontalPodAutoscaler.class);

    private Children() {}

    /**
     * Renders.
     *
     * @param agent the wish, valid by {@code AgentRules}
     * @param effective what the restrictions leave of it
     * @param platform configuration and cluster facts
     * @param services Services of the agent's namespace by name, at least those that {@code egress.services} names; a missing
     *     one is left out
     * @return the children in the order of writing
     */
    public static List<HasMetadata> render(
            Agent agent, Effective effective, Platform platform, Map<String, Service> services) {
        var children = new ArrayList<HasMetadata>();
        children.add(AgentNetworkPolicy.render(agent, effective, platform, services));
        children.add(AgentServiceAccount.render(agent));
        children.add(AgentConfig.render(agent, effective));
        var serves = agent.getSpec().endpoint().protocol() != EndpointProtocol.None
                && agent.getSpec().operatingMode() != OperatingMode.Terminated;
        if (serves) {
            children.add(AgentService.render(agent));
        }
        children.add(AgentDeployment.render(agent, effective, platform, services));
        if (AgentDisruptionBudget.wanted(agent, effective)) {
            children.add(AgentDisruptionBudget.render(agent));
        }
        if (agent.getSpec().scaling() != null) {
            children.add(AgentAutoscaler.render(agent, effective));
        }
        return List.copyOf(children);
    }
}
