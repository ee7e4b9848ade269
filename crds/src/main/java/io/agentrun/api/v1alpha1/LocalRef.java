package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** An object of the same namespace. */
public record LocalRef(
        @JsonPropertyDescription("Name of the object.") @Required @Pattern(Volume.OBJECT_NAME) @Size(max = 253)
        String name) {}
