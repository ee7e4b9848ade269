package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A taint that the pods tolerate; the fields are Kubernetes' own. */
@ValidationRule(
        value = Toleration.EXISTS,
        message = "scheduling.tolerations[]: operator Exists takes no value: remove value, or set operator Equal")
@ValidationRule(
        value = Toleration.EQUAL,
        message = "scheduling.tolerations[]: operator Equal needs a key: name it, or set operator Exists")
@ValidationRule(
        value = Toleration.SECONDS,
        message =
                "scheduling.tolerations[]: tolerationSeconds goes with effect NoExecute: set the effect, or remove the seconds")
public record Toleration(
        @JsonPropertyDescription("Key of the taint. Default: every key.")
        @Size(max = Forms.MAX_KEY)
        @ValidationRule(value = Forms.IS_LABEL_KEY, message = Forms.LABEL_KEY_MESSAGE)
        String key,

        @JsonPropertyDescription("Equal or Exists. Default Equal.") @Default("Equal")
        TolerationOperator operator,

        @JsonPropertyDescription("Value of the taint.")
        @Size(max = 63)
        @ValidationRule(value = Forms.IS_LABEL_VALUE, message = Forms.LABEL_VALUE_MESSAGE)
        String value,

        @JsonPropertyDescription("Effect of the taint. Default: every effect.")
        TaintEffect effect,

        @JsonPropertyDescription("How long a NoExecute taint is tolerated, in seconds. Default: for ever.")
        @Min(0)
        @Max(2147483647)
        Integer tolerationSeconds) {
    /** CEL: Exists compares nothing. */
    public static final String EXISTS = "self.operator != 'Exists' || !has(self.value)";
    /** CEL: Equal needs something to compare. */
    public static final String EQUAL = "self.operator != 'Equal' || has(self.key)";
    /** CEL: only an eviction can wait. */
    public static final String SECONDS =
            "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')";

    /** Fills the defaults. */
    public Toleration {
        operator = operator == null ? TolerationOperator.Equal : operator;
    }
}
