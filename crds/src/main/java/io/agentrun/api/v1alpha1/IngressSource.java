package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Pods, by namespace and labels, or an address range. */
@ValidationRule(
        value = "has(self.cidr) != (has(self.namespace) || has(self.podLabels))",
        message = "ingress.from[]: name either cidr, or namespace and/or podLabels")
public record IngressSource(
        @JsonPropertyDescription("Name of the namespace of the pods. Default: the agent's own.")
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(max = 63)
        String namespace,

        @JsonPropertyDescription("Labels that the pods must carry. Default: all pods of the namespace.") @Size(max = 10)
        Map<String, String> podLabels,

        @JsonPropertyDescription("Address range in CIDR form, such as 192.0.2.0/24.")
        @Size(max = 43)
        @ValidationRule(
                value = "isCIDR(self)",
                message = "ingress.from[].cidr must be an address range in CIDR form, such as 192.0.2.0/24")
        String cidr) {
    /** An empty map instead of none. */
    public IngressSource {
        podLabels = podLabels == null ? Map.of() : Map.copyOf(podLabels);
    }
}
