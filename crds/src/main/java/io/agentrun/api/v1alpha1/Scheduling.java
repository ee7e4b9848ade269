package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** Where the pods may run. */
public record Scheduling(
        @JsonPropertyDescription("Labels that the node must carry.") @Size(max = 20)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that the pods tolerate.") @Size(max = 20)
        List<Toleration> tolerations,

        @JsonPropertyDescription("How the replicas are spread over the nodes, one entry a topology key.") @Size(max = 5)
        List<TopologySpread> topologySpread,

        @JsonPropertyDescription("PriorityClass of the pods. Default: the cluster's.")
        @Pattern(Volume.OBJECT_NAME)
        @Size(max = 253)
        @ValidationRule(
                value = "!self.startsWith('system-')",
                message =
                        "scheduling.priorityClassName must not be one of the system- classes: an agent must not displace the"
                                + " cluster's own pods")
        String priorityClassName) {
    /** Empty collections instead of none. */
    public Scheduling {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpread = topologySpread == null ? List.of() : List.copyOf(topologySpread);
    }
}
