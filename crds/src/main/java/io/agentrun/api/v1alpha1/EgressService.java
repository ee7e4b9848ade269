package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Service of the same namespace. */
public record EgressService(
        @JsonPropertyDescription("Name of the Service.")
        @Required
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        @Size(max = 63)
        String name,

        @JsonPropertyDescription("Port of the Service, TCP.") @Required @Min(1) @Max(65535)
        Integer port) {}
