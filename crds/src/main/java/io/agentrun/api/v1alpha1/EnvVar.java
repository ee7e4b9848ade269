package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One environment variable, with a value or a reference to one. */
@ValidationRule(
        value = "[has(self.value), has(self.secretKeyRef), has(self.configMapKeyRef)].filter(x, x).size() == 1",
        message = "env[]: write exactly one of value, secretKeyRef and configMapKeyRef")
@ValidationRule(
        value = "!self.name.startsWith('AGENTRUN_')",
        message = "env[].name: names that begin with AGENTRUN_ are the operator's own: choose another")
public record EnvVar(
        @JsonPropertyDescription("Name, a C identifier.")
        @Required
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        @Size(max = 128)
        String name,

        @JsonPropertyDescription("Value as text. Credentials belong in a Secret.") @Size(max = 4096)
        String value,

        @JsonPropertyDescription(
                "A key of a Secret in the same namespace. Read when the container starts; to rotate, set restartAt.")
        KeyRef secretKeyRef,

        @JsonPropertyDescription("A key of a ConfigMap in the same namespace. Read when the container starts.")
        KeyRef configMapKeyRef) {}
