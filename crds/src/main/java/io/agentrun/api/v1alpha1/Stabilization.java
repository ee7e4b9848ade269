package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The autoscaler's stabilization windows; Kubernetes allows up to one hour. */
public record Stabilization(
        @JsonPropertyDescription("Window before scaling up, 0s to 1h. Default 0s.")
        @Default("0s")
        @Size(max = 32)
        @ValidationRule(value = GoDuration.UP_TO_HOUR, message = GoDuration.UP_TO_HOUR_MESSAGE)
        GoDuration scaleUp,

        @JsonPropertyDescription("Window before scaling down, 0s to 1h. Default 5m.")
        @Default("5m")
        @Size(max = 32)
        @ValidationRule(value = GoDuration.UP_TO_HOUR, message = GoDuration.UP_TO_HOUR_MESSAGE)
        GoDuration scaleDown) {
    /** Fills the defaults. */
    public Stabilization {
        scaleUp = scaleUp == null ? GoDuration.of("0s") : scaleUp;
        scaleDown = scaleDown == null ? GoDuration.of("5m") : scaleDown;
    }
}
