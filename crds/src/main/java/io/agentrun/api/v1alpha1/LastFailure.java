package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How a container of the agent failed last. */
public record LastFailure(
        @JsonPropertyDescription("The pod.") String pod,
        @JsonPropertyDescription("The container.") String container,

        @JsonPropertyDescription("Kubernetes' reason, such as Error or OOMKilled.")
        String reason,

        @JsonPropertyDescription("Exit code of the process; 128 and more is a signal.")
        @Min(-2147483648)
        @Max(2147483647)
        Integer exitCode,

        @JsonPropertyDescription("When it ended.") String at,

        @JsonPropertyDescription(
                "The message that the container left in /dev/termination-log, at most 1,024 characters. With"
                        + " lifecycle.failureLogTail, else the end of its log.")
        String message) {}
