package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * Process limits (ledger AR-57). A limit on the number of processes is not among them: RLIMIT_NPROC counts per user over the
 * whole node; use the kubelet's podPidsLimit.
 */
public record Ulimits(
        @JsonPropertyDescription("Open files (RLIMIT_NOFILE).")
        OpenFiles openFiles,

        @JsonPropertyDescription("Largest file that the agent may write (RLIMIT_FSIZE), 4Ki to 1Ti, such as 10Mi.")
        @ValidationRule(value = Ulimits.FILE_SIZE, message = "must be a quantity between 4Ki and 1Ti, such as 10Mi")
        @SchemaFrom(type = String.class)
        Quantity fileSize) {
    /** CEL: a size between 4Ki and 1Ti. */
    public static final String FILE_SIZE = "self.matches('" + Forms.QUANTITY
            + "') && quantity(self).compareTo(quantity('4Ki')) >= 0 && quantity(self).compareTo(quantity('1Ti')) <= 0";
}
