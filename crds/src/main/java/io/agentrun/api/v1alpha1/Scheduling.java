package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** Where the pods may run. */
public record Scheduling(
        @JsonPropertyDescription("Labels that the node must carry.")
        @Size(max = 20)
        @ValidationRule(value = Forms.ARE_LABELS, message = Forms.LABELS_MESSAGE)
        Map<String, @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Taints that the pods tolerate.") @Size(max = 20)
        List<Toleration> tolerations,

        @JsonPropertyDescription("How the replicas are spread over the nodes, one entry a topology key.")
        @Size(max = 5)
        @ListKeys("topologyKey")
        List<TopologySpread> topologySpread,

        @JsonPropertyDescription("PriorityClass of the pods. Default: the cluster's.")
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        @ValidationRule(
                value = Scheduling.NOT_SYSTEM,
                message = "must not be one of the system- classes: an agent must not displace the"
                        + " cluster's own pods")
        String priorityClassName) {
    /** CEL: not a class of the cluster's own. */
    public static final String NOT_SYSTEM = "!self.startsWith('system-')";

    /** Empty collections instead of none. */
    public Scheduling {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpread = topologySpread == null ? List.of() : List.copyOf(topologySpread);
    }
}
