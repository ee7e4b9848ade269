package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Required;

/**
 * A condition after the Kubernetes API conventions. Our own record, since Fabric8's class fails as the item of a keyed list and
 * has no descriptions.
 */
public record Condition(
        @JsonPropertyDescription("What the condition speaks of.") @Required
        String type,

        @JsonPropertyDescription("Whether it holds.") @Required
        ConditionStatus status,

        @JsonPropertyDescription("The generation of the spec that it was judged by.") @Max(9007199254740991L)
        Long observedGeneration,

        @JsonPropertyDescription("When the status last changed, RFC 3339 in UTC.") @Required
        String lastTransitionTime,

        @JsonPropertyDescription("One word for machines.") @Required
        String reason,

        @JsonPropertyDescription("A sentence for people: the cause, and what to do.") @Required
        String message) {}
