package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The autoscaler's stabilization windows; Kubernetes allows up to one hour. */
public record Stabilization(
        @JsonPropertyDescription("Window before scaling up, 0s to 1h. Default 0s.")
        @Default("0s")
        @Pattern(GoDuration.PATTERN)
        @Size(max = 32)
        @ValidationRule(
                value = "duration(self) <= duration('1h')",
                message = "scaling.stabilization.scaleUp must be between 0s and 1h, such as 30s")
        GoDuration scaleUp,

        @JsonPropertyDescription("Window before scaling down, 0s to 1h. Default 5m.")
        @Default("5m")
        @Pattern(GoDuration.PATTERN)
        @Size(max = 32)
        @ValidationRule(
                value = "duration(self) <= duration('1h')",
                message = "scaling.stabilization.scaleDown must be between 0s and 1h, such as 5m")
        GoDuration scaleDown) {
    /** Fills the defaults. */
    public Stabilization {
        scaleUp = scaleUp == null ? GoDuration.of("0s") : scaleUp;
        scaleDown = scaleDown == null ? GoDuration.of("5m") : scaleDown;
    }
}
