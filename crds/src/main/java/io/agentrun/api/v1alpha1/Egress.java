package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What the agent may reach (ledger AR-59, AR-60, AR-71). */
@ValidationRule(value = Egress.DIRECT, message = Egress.DIRECT_MESSAGE)
@ValidationRule(value = Egress.NONE, message = Egress.NONE_MESSAGE)
public record Egress(
        @JsonPropertyDescription(
                "None: nothing, DNS included. Proxy: the gateway only. Direct: the listed ranges and cluster DNS, never the"
                        + " metadata addresses or the API server. Default Proxy.")
        @Default("Proxy")
        EgressMode mode,

        @JsonPropertyDescription("Address ranges for mode Direct, IPv4 or IPv6 in CIDR form, such as 203.0.113.0/24.")
        @Size(max = 100)
        @ListKeys
        @ValidationRule(value = Forms.ARE_CIDRS, message = "each " + Forms.CIDR_MESSAGE)
        List<@Size(max = 43) String> cidrs,

        @JsonPropertyDescription(
                "Services in the same namespace that the agent may reach, for modes Proxy and Direct. Each one's name resolves in"
                        + " the pod without DNS.")
        @Size(max = 20)
        @ListKeys({"name", "port"})
        List<EgressService> services) {
    /** CEL: ranges go with Direct. */
    public static final String DIRECT = "(self.mode == 'Direct') == (has(self.cidrs) && size(self.cidrs) > 0)";

    static final String DIRECT_MESSAGE =
            "egress.cidrs goes with mode Direct and only with it: list the ranges, such as cidrs: [203.0.113.0/24], or set"
                    + " mode Proxy or None";
    /** CEL: None means nothing. */
    public static final String NONE = "self.mode != 'None' || !has(self.services) || size(self.services) == 0";

    static final String NONE_MESSAGE =
            "egress.services can't be reached with mode None: set mode Proxy, or remove the services";

    /** Fills the defaults. */
    public Egress {
        mode = mode == null ? EgressMode.Proxy : mode;
        cidrs = cidrs == null ? List.of() : List.copyOf(cidrs);
        services = services == null ? List.of() : List.copyOf(services);
    }
}
