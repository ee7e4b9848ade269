package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A key of a Secret or ConfigMap of the same namespace. */
public record KeyRef(
        @JsonPropertyDescription("Name of the object.")
        @Required
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key in it.")
        @Required
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_DATA_KEY, message = Forms.DATA_KEY_MESSAGE)
        String key) {}
