package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** From start to stop (ledger MO-45, MO-47). */
public record Lifecycle(
        @JsonPropertyDescription(
                "How often a running agent is asked whether it is alive, 1s to 1h; it is restarted after three failures."
                        + " Readiness is asked at least every 10s. Default 60s.")
        @Default("60s")
        @Size(max = 32)
        @ValidationRule(value = GoDuration.SECOND_TO_HOUR, message = GoDuration.SECOND_TO_HOUR_MESSAGE)
        GoDuration healthCheckInterval,

        @JsonPropertyDescription("Time from SIGTERM until the agent is killed, 1s to 1h. Default 30s.")
        @Default("30s")
        @Size(max = 32)
        @ValidationRule(value = GoDuration.SECOND_TO_HOUR, message = GoDuration.SECOND_TO_HOUR_MESSAGE)
        GoDuration shutdownTimeout,

        @JsonPropertyDescription(
                "Copy the end of the agent's log into status.lastFailure when it fails without a message of its own. It may hold"
                        + " prompts, and whoever reads Agents reads it. Default false.")
        @Default("false")
        Boolean failureLogTail) {
    /** Fills the defaults. */
    public Lifecycle {
        healthCheckInterval = healthCheckInterval == null ? GoDuration.of("60s") : healthCheckInterval;
        shutdownTimeout = shutdownTimeout == null ? GoDuration.of("30s") : shutdownTimeout;
        failureLogTail = failureLogTail != null && failureLogTail;
    }
}
