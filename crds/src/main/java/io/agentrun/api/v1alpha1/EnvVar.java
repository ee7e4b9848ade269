package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One environment variable, with a value or a reference to one. */
@ValidationRule(
        value = EnvVar.ONE_SOURCE,
        message = "env[]: write exactly one of value, secretKeyRef and configMapKeyRef")
public record EnvVar(
        @JsonPropertyDescription("Name, a C identifier.")
        @Required
        @Size(max = 128)
        @ValidationRule(
                value = EnvVar.IDENTIFIER,
                message = "must be letters, digits and '_', not beginning with a digit, such as LOG_LEVEL")
        @ValidationRule(
                value = EnvVar.NOT_RESERVED,
                message = "names that begin with AGENTRUN_ are the operator's own: choose another")
        String name,

        @JsonPropertyDescription("Value as text. Credentials belong in a Secret.") @Size(max = 4096)
        String value,

        @JsonPropertyDescription(
                "A key of a Secret in the same namespace. Read when the container starts; to rotate, set restartAt.")
        KeyRef secretKeyRef,

        @JsonPropertyDescription("A key of a ConfigMap in the same namespace. Read when the container starts.")
        KeyRef configMapKeyRef) {
    /** CEL: one source, no more and no less. */
    public static final String ONE_SOURCE =
            "[has(self.value), has(self.secretKeyRef), has(self.configMapKeyRef)].filter(x, x).size() == 1";
    /** What a name looks like. */
    static final String IDENTIFIER_FORM = "^[A-Za-z_][A-Za-z0-9_]*$";
    /** CEL for a C identifier. */
    public static final String IDENTIFIER = "self.matches('" + IDENTIFIER_FORM + "')";
    /** CEL: not one of the operator's. */
    public static final String NOT_RESERVED = "!self.startsWith('AGENTRUN_')";
}
