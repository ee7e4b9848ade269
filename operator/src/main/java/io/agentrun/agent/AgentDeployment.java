package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.ExecutionMode;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import java.util.Map;

/** The pods of an agent. */
final class AgentDeployment {
    /** Seconds without progress after which a rollout counts as failed; Kubernetes' own default. */
    private static final int PROGRESS_DEADLINE = 600;
    /** Old ReplicaSets to keep: enough for one {@code kubectl rollout history}, little to store for thousands of agents. */
    private static final int HISTORY = 2;

    private AgentDeployment() {}

    static Deployment render(Agent agent, Effective effective, Platform platform, Map<String, Service> services) {
        return new DeploymentBuilder()
                .withMetadata(Names.metadata(agent))
                .withNewSpec()
                .withReplicas(effective.replicas().value())
                .withRevisionHistoryLimit(HISTORY)
                .withProgressDeadlineSeconds(PROGRESS_DEADLINE)
                .withNewSelector()
                .withMatchLabels(Names.selector(agent))
                .endSelector()
                .withStrategy(strategy(agent.getSpec().executionMode()))
                .withTemplate(AgentPod.template(agent, effective, platform, services))
                .endSpec()
                .build();
    }

    /** A Continuous agent is a singleton: the old pod is gone before the new one starts. */
    private static DeploymentStrategy strategy(ExecutionMode mode) {
        return switch (mode) {
            case Continuous ->
                new DeploymentStrategyBuilder().withType("Recreate").build();
            case Collaborative, Autonomous ->
                new DeploymentStrategyBuilder()
                        .withType("RollingUpdate")
                        .withNewRollingUpdate()
                        .withMaxSurge(new IntOrString("25%"))
                        .withMaxUnavailable(new IntOrString("25%"))
                        .endRollingUpdate()
                        .build();
        };
    }
}
