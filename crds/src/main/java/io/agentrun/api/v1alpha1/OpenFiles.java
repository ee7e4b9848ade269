package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Soft and hard limit of open files. */
@ValidationRule(
        value = OpenFiles.ORDER,
        message = "isolation.ulimits.openFiles.soft must not be above hard: raise hard or lower soft")
public record OpenFiles(
        @JsonPropertyDescription("Soft limit, 64 to 1048576.") @Required @Min(64) @Max(1048576)
        Integer soft,

        @JsonPropertyDescription("Hard limit, 64 to 1048576.") @Required @Min(64) @Max(1048576)
        Integer hard) {
    /** CEL: soft is not above hard. */
    public static final String ORDER = "self.soft <= self.hard";
}
