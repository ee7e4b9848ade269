package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Who may connect to the agent's endpoint. */
public record Ingress(
        @JsonPropertyDescription(
                "Who may connect to endpoint.port, besides the gateway and the install's monitoring namespace. Default: nobody.")
        @Size(max = 20)
        List<IngressSource> from) {
    /** An empty list instead of none. */
    public Ingress {
        from = from == null ? List.of() : List.copyOf(from);
    }
}
