package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Horizontal autoscaling (ledger AF-78 to AF-80). A HorizontalPodAutoscaler then writes {@code spec.replicas}. */
@ValidationRule(
        value = Scaling.ORDER,
        message = "scaling.minReplicas must not be above scaling.maxReplicas: raise maxReplicas or lower minReplicas")
public record Scaling(
        @JsonPropertyDescription("Fewest replicas. Default 2.") @Default("2") @Min(1) @Max(1000)
        Integer minReplicas,

        @JsonPropertyDescription("Most replicas. Default 10.") @Default("10") @Min(1) @Max(1000)
        Integer maxReplicas,

        @JsonPropertyDescription("What to scale on, one entry a type. Default: CPU at 70 % of the request.")
        @Default("[{\"type\":\"CPU\",\"target\":70}]")
        @Size(min = 1, max = 2)
        @ListKeys("type")
        List<ScalingMetric> metrics,

        @JsonPropertyDescription("How long a wish must last before it is followed.") @Default("{}")
        Stabilization stabilization) {
    /** CEL: the fewest are not more than the most. */
    public static final String ORDER = "self.minReplicas <= self.maxReplicas";

    /** Fills the defaults. */
    public Scaling {
        minReplicas = minReplicas == null ? Integer.valueOf(2) : minReplicas;
        maxReplicas = maxReplicas == null ? Integer.valueOf(10) : maxReplicas;
        metrics = metrics == null ? List.of(new ScalingMetric(ScalingMetricType.CPU, 70)) : List.copyOf(metrics);
        stabilization = stabilization == null ? new Stabilization(null, null) : stabilization;
    }
}
