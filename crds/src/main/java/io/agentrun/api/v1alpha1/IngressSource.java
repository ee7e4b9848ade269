package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Pods, by namespace and labels, or an address range. */
@ValidationRule(
        value = IngressSource.ONE_KIND,
        message = "ingress.from[]: name either cidr, or namespace and/or podLabels")
public record IngressSource(
        @JsonPropertyDescription("Name of the namespace of the pods. Default: the agent's own.")
        @Size(max = 63)
        @ValidationRule(value = Forms.IS_DNS_LABEL, message = Forms.DNS_LABEL_MESSAGE)
        String namespace,

        @JsonPropertyDescription("Labels that the pods must carry. Default: all pods of the namespace.")
        @Size(max = 10)
        @ValidationRule(value = Forms.ARE_LABELS, message = Forms.LABELS_MESSAGE)
        Map<String, @Size(max = 63) String> podLabels,

        @JsonPropertyDescription("Address range in CIDR form, such as 192.0.2.0/24.")
        @Size(max = 43)
        @ValidationRule(value = Forms.IS_CIDR, message = Forms.CIDR_MESSAGE)
        String cidr) {
    /** CEL: an address range or pods, and not nothing. */
    public static final String ONE_KIND =
            "has(self.cidr) != (has(self.namespace) || (has(self.podLabels) && size(self.podLabels) > 0))";

    /** An empty map instead of none. */
    public IngressSource {
        podLabels = podLabels == null ? Map.of() : Map.copyOf(podLabels);
    }
}
