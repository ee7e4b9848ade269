package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A key of a Secret or ConfigMap of the same namespace. */
public record KeyRef(
        @JsonPropertyDescription("Name of the object.") @Required @Pattern(Volume.OBJECT_NAME) @Size(max = 253)
        String name,

        @JsonPropertyDescription("Key in it.") @Required @Pattern("^[-._a-zA-Z0-9]+$") @Size(max = 253)
        String key) {}
