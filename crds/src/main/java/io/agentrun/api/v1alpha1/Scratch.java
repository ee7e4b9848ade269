package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** A writable place in memory (ledger AR-50). Its size is added to the container's memory limit. */
public record Scratch(
        @JsonPropertyDescription("Absolute path in the container.")
        @Required
        @Pattern("^/[A-Za-z0-9._/-]+$")
        @Size(max = 128)
        @ValidationRule(value = Volume.FREE_PATH, message = "isolation.scratch[].path " + Volume.FREE_PATH_MESSAGE)
        String path,

        @JsonPropertyDescription("Most bytes it may hold, 64Ki to 16Gi, such as 64Mi.")
        @Required
        @ValidationRule(
                value = "quantity(string(self)).compareTo(quantity('64Ki')) >= 0 &&"
                        + " quantity(string(self)).compareTo(quantity('16Gi')) <= 0",
                message = "isolation.scratch[].size must be a quantity between 64Ki and 16Gi, such as 64Mi")
        Quantity size) {
    /** A scratch of {@code path} with at most {@code size}, a Kubernetes quantity. */
    public static Scratch of(String path, String size) {
        return new Scratch(path, new Quantity(size));
    }
}
