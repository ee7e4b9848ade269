package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Something mounted into the agent. Host paths do not exist here (ledger AR-48). */
@ValidationRule(value = Volume.ONE_SOURCE, message = "volumes[]: name exactly one of claim, configMap and secret")
@ValidationRule(
        value = Volume.READ_ONLY,
        message = "volumes[]: a configMap or secret is always read-only: leave readOnly out")
public record Volume(
        @JsonPropertyDescription("Name of the volume, unique in the agent.")
        @Required
        @Size(max = 40)
        @ValidationRule(value = Forms.IS_DNS_LABEL, message = Forms.DNS_LABEL_MESSAGE)
        String name,

        @JsonPropertyDescription("Absolute path in the container.")
        @Required
        @Size(max = 128)
        @ValidationRule(value = Forms.IS_FREE_PATH, message = Forms.FREE_PATH_MESSAGE)
        String mountPath,

        @JsonPropertyDescription("Mount read-only. Default true; false only for a claim.") @Default("true")
        Boolean readOnly,

        @JsonPropertyDescription("Name of a PersistentVolumeClaim in the same namespace.")
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        String claim,

        @JsonPropertyDescription("Name of a ConfigMap in the same namespace.")
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        String configMap,

        @JsonPropertyDescription(
                "Name of a Secret in the same namespace; each key becomes a file, re-read by the kubelet within a minute or so.")
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        String secret) {
    /** CEL: one source, no more and no less. */
    public static final String ONE_SOURCE =
            "[has(self.claim), has(self.configMap), has(self.secret)].filter(x, x).size() == 1";
    /** CEL: only a claim can be written to. */
    public static final String READ_ONLY = "has(self.claim) || self.readOnly";

    /** Fills the defaults. */
    public Volume {
        readOnly = readOnly == null || readOnly;
    }
}
