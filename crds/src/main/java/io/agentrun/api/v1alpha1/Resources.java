package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * Compute resources, any that Kubernetes knows (GPUs too). What is not written comes from the operator's configuration:
 * requests cpu 100m and memory 256Mi, limits cpu 1, memory 512Mi and ephemeral-storage 2Gi.
 */
public record Resources(
        @JsonPropertyDescription("What the scheduler sets aside for each replica.")
        @Size(max = 7)
        @ValidationRule(value = Resources.POSITIVE, message = "resources.requests: " + Resources.POSITIVE_MESSAGE)
        Map<String, Quantity> requests,

        @JsonPropertyDescription(
                "What a replica may use at most. Memory scratch and /dev/shm are added to the memory limit, so that a full"
                        + " scratch never kills the agent.")
        @Size(max = 7)
        @ValidationRule(value = Resources.POSITIVE, message = "resources.limits: " + Resources.POSITIVE_MESSAGE)
        Map<String, Quantity> limits) {
    /** CEL: every value is a quantity above zero. */
    public static final String POSITIVE = "self.all(k, quantity(string(self[k])).isGreaterThan(quantity('0')))";
    /** What to write instead. */
    public static final String POSITIVE_MESSAGE =
            "each value must be a quantity above 0, such as cpu: 500m or memory: 512Mi";

    /** Empty maps instead of none. */
    public Resources {
        requests = requests == null ? Map.of() : Map.copyOf(requests);
        limits = limits == null ? Map.of() : Map.copyOf(limits);
    }
}
