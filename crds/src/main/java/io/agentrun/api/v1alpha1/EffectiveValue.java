package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** One value that holds, and why. */
public record EffectiveValue(
        @JsonPropertyDescription("Name of the value, such as replicas or resources.limits.cpu.") @Required
        String name,

        @JsonPropertyDescription("The value as text.") String value,

        @JsonPropertyDescription("Who put it there, such as Agent or OperatorCap.") @Size(max = 20)
        List<String> origins) {
    /** An empty list instead of none. */
    public EffectiveValue {
        origins = origins == null ? List.of() : List.copyOf(origins);
    }
}
