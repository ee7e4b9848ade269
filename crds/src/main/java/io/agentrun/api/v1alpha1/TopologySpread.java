package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How evenly the replicas are spread over one topology key. */
public record TopologySpread(
        @JsonPropertyDescription("Node label whose values are the places, such as topology.kubernetes.io/zone.")
        @Required
        @Size(max = Forms.MAX_KEY)
        @ValidationRule(value = Forms.IS_LABEL_KEY, message = Forms.LABEL_KEY_MESSAGE)
        String topologyKey,

        @JsonPropertyDescription("Largest difference in replicas between two places. Default 1.")
        @Default("1")
        @Min(1)
        @Max(1000)
        Integer maxSkew,

        @JsonPropertyDescription("What happens when it can't be kept. Default ScheduleAnyway.")
        @Default("ScheduleAnyway")
        WhenUnsatisfiable whenUnsatisfiable) {
    /** Fills the defaults. */
    public TopologySpread {
        maxSkew = maxSkew == null ? Integer.valueOf(1) : maxSkew;
        whenUnsatisfiable = whenUnsatisfiable == null ? WhenUnsatisfiable.ScheduleAnyway : whenUnsatisfiable;
    }
}
