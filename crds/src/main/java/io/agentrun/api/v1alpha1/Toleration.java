package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A taint that the pods tolerate; the fields are Kubernetes' own. */
@ValidationRule(
        value = "self.operator != 'Exists' || !has(self.value)",
        message = "scheduling.tolerations[]: operator Exists takes no value: remove value, or set operator Equal")
@ValidationRule(
        value = "self.operator != 'Equal' || has(self.key)",
        message = "scheduling.tolerations[]: operator Equal needs a key: name it, or set operator Exists")
@ValidationRule(
        value = "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
        message =
                "scheduling.tolerations[]: tolerationSeconds goes with effect NoExecute: set the effect, or remove the seconds")
public record Toleration(
        @JsonPropertyDescription("Key of the taint. Default: every key.") @Size(max = 316)
        String key,

        @JsonPropertyDescription("Equal or Exists. Default Equal.") @Default("Equal")
        TolerationOperator operator,

        @JsonPropertyDescription("Value of the taint.") @Size(max = 63)
        String value,

        @JsonPropertyDescription("Effect of the taint. Default: every effect.")
        TaintEffect effect,

        @JsonPropertyDescription("How long a NoExecute taint is tolerated, in seconds. Default: for ever.")
        @Min(0)
        @Max(2147483647)
        Integer tolerationSeconds) {
    /** Fills the defaults. */
    public Toleration {
        operator = operator == null ? TolerationOperator.Equal : operator;
    }
}
