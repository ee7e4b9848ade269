package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Service of the same namespace. */
public record EgressService(
        @JsonPropertyDescription("Name of the Service.")
        @Required
        @Size(max = 63)
        @ValidationRule(value = Forms.IS_DNS_LABEL, message = Forms.DNS_LABEL_MESSAGE)
        String name,

        @JsonPropertyDescription("Port of the Service, TCP.") @Required @Min(1) @Max(65535)
        Integer port) {}
