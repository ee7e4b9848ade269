package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What the operator saw and did. For people and for autoscalers; nothing decides by it. */
public record AgentStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Max(9007199254740991L)
        Long observedGeneration,

        @JsonPropertyDescription(
                "The strictest thing that can be said of the agent in one word; the conditions say the rest.")
        Phase phase,

        @JsonPropertyDescription("Pods that exist.") @Max(2147483647) @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Pods that are ready to serve.") @Max(2147483647)
        Integer readyReplicas,

        @JsonPropertyDescription("Label selector of the pods, for the autoscaler.") @LabelSelector
        String selector,

        @JsonPropertyDescription("What holds after every restriction, each value with the objects that put it there.")
        @Size(max = 40)
        @ListKeys("name")
        List<EffectiveValue> effective,

        @JsonPropertyDescription("The last time that a container of the agent failed.")
        LastFailure lastFailure,

        @JsonPropertyDescription("Ready, Serving, PolicyResolved, NetworkIsolated, Hardened; Stalled only while true.")
        @Size(max = 20)
        @ListKeys("type")
        List<Condition> conditions) {
    /** Empty lists instead of none. */
    public AgentStatus {
        effective = effective == null ? List.of() : List.copyOf(effective);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The status of an agent that was never looked at. */
    public static AgentStatus empty() {
        return new AgentStatus(null, null, null, null, null, null, null, null);
    }
}
