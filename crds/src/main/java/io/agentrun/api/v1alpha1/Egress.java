package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What the agent may reach (ledger AR-59, AR-60, AR-71). */
@ValidationRule(
        value = "(self.mode == 'Direct') == (has(self.cidrs) && size(self.cidrs) > 0)",
        message =
                "egress.cidrs goes with mode Direct and only with it: list the ranges, such as cidrs: [203.0.113.0/24], or set"
                        + " mode Proxy or None")
@ValidationRule(
        value = "self.mode != 'None' || !has(self.services) || size(self.services) == 0",
        message = "egress.services can't be reached with mode None: set mode Proxy, or remove the services")
public record Egress(
        @JsonPropertyDescription(
                "None: nothing, DNS included. Proxy: the gateway only. Direct: the listed ranges and cluster DNS, never the"
                        + " metadata addresses or the API server. Default Proxy.")
        @Default("Proxy")
        EgressMode mode,

        @JsonPropertyDescription("Address ranges for mode Direct, IPv4 or IPv6 in CIDR form, such as 203.0.113.0/24.")
        @Size(max = 100)
        @ValidationRule(
                value = "self.all(c, isCIDR(c))",
                message = "egress.cidrs[] must be address ranges in CIDR form, such as 203.0.113.0/24")
        List<@Size(max = 43) String> cidrs,

        @JsonPropertyDescription(
                "Services in the same namespace that the agent may reach, for modes Proxy and Direct. Each one's name resolves in"
                        + " the pod without DNS.")
        @Size(max = 20)
        List<EgressService> services) {
    /** Fills the defaults. */
    public Egress {
        mode = mode == null ? EgressMode.Proxy : mode;
        cidrs = cidrs == null ? List.of() : List.copyOf(cidrs);
        services = services == null ? List.of() : List.copyOf(services);
    }
}
