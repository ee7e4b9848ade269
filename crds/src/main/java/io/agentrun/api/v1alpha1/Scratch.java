package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** A writable place in memory (ledger AR-50). Its size is added to the container's memory limit. */
public record Scratch(
        @JsonPropertyDescription("Absolute path in the container.")
        @Required
        @Size(max = 128)
        @ValidationRule(value = Forms.IS_FREE_PATH, message = Forms.FREE_PATH_MESSAGE)
        String path,

        @JsonPropertyDescription("Most bytes it may hold, 64Ki to 16Gi, such as 64Mi.")
        @Required
        @ValidationRule(value = Scratch.SIZE, message = "must be a quantity between 64Ki and 16Gi, such as 64Mi")
        @SchemaFrom(type = String.class)
        Quantity size) {
    /** CEL: a size between 64Ki and 16Gi. */
    public static final String SIZE = "self.matches('" + Forms.QUANTITY
            + "') && quantity(self).compareTo(quantity('64Ki')) >= 0 && quantity(self).compareTo(quantity('16Gi')) <= 0";

    /** A scratch of {@code path} with at most {@code size}, a Kubernetes quantity. */
    public static Scratch of(String path, String size) {
        return new Scratch(path, new Quantity(size));
    }
}
