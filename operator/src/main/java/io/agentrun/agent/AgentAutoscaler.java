package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.GoDuration;
import io.agentrun.api.v1alpha1.ScalingMetric;
import io.agentrun.api.v1alpha1.ScalingMetricType;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;

/**
 * Scales the Agent, not its Deployment: the autoscaler writes {@code spec.replicas} through the scale subresource, and the
 * operator makes pods of it after the restrictions.
 */
final class AgentAutoscaler {
    private AgentAutoscaler() {}

    static HorizontalPodAutoscaler render(Agent agent, Effective effective) {
        var scaling = agent.getSpec().scaling();
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(Names.metadata(agent))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion(agent.getApiVersion())
                .withKind(agent.getKind())
                .withName(agent.getMetadata().getName())
                .endScaleTargetRef()
                .withMinReplicas(scaling.minReplicas())
                .withMaxReplicas(scaling.maxReplicas())
                .withMetrics(
                        scaling.metrics().stream().map(AgentAutoscaler::metric).toList())
                .withNewBehavior()
                .withScaleUp(rules(
                        scaling.stabilization().scaleUp(),
                        effective.held(),
                        new HPAScalingPolicy(15, "Pods", 4),
                        new HPAScalingPolicy(15, "Percent", 100)))
                .withScaleDown(rules(
                        scaling.stabilization().scaleDown(),
                        effective.held(),
                        new HPAScalingPolicy(15, "Percent", 100)))
                .endBehavior()
                .endSpec()
                .build();
    }

    /**
     * While something holds fewer pods than wished, the autoscaler keeps still both ways: it computes from the pods that exist
     * and would overwrite the owner's number (tried: 4 became 2 under a cap of 1).
     */
    private static HPAScalingRules rules(GoDuration window, boolean frozen, HPAScalingPolicy... policies) {
        return new HPAScalingRulesBuilder()
                .withStabilizationWindowSeconds(window.seconds(0))
                .withSelectPolicy(frozen ? "Disabled" : "Max")
                .withPolicies(policies)
                .build();
    }

    private static MetricSpec metric(ScalingMetric metric) {
        return new MetricSpecBuilder()
                .withType("Resource")
                .withNewResource()
                .withName(metric.type() == ScalingMetricType.CPU ? "cpu" : "memory")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(metric.target())
                .endTarget()
                .endResource()
                .build();
    }
}
