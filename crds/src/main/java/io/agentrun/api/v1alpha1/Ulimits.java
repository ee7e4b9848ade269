package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * Process limits (ledger AR-57). A limit on the number of processes is not among them: RLIMIT_NPROC counts per user over the
 * whole node; use the kubelet's podPidsLimit.
 */
public record Ulimits(
        @JsonPropertyDescription("Open files (RLIMIT_NOFILE).")
        OpenFiles openFiles,

        @JsonPropertyDescription("Largest file that the agent may write (RLIMIT_FSIZE), such as 10Mi.")
        @ValidationRule(
                value = "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('4Ki')) >= 0",
                message = "isolation.ulimits.fileSize must be a quantity of at least 4Ki, such as 10Mi")
        Quantity fileSize) {}
