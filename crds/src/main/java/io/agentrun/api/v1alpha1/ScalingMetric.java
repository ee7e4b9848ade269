package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** One figure that the autoscaler follows. */
public record ScalingMetric(
        @JsonPropertyDescription("CPU or Memory, as the metrics server measures it.") @Required
        ScalingMetricType type,

        @JsonPropertyDescription("Average use over all replicas, in percent of the request. Default 70.")
        @Default("70")
        @Min(1)
        @Max(1000)
        Integer target) {
    /** Fills the defaults. */
    public ScalingMetric {
        target = target == null ? Integer.valueOf(70) : target;
    }
}
