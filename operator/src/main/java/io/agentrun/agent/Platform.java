package io.agentrun.agent;

import io.agentrun.restriction.Effective;
import java.util.List;
import java.util.Optional;

/**
 * What rendering needs to know besides the agent: the operator's configuration and a few facts about the cluster.
 *
 * @param operatorNamespace where operator and gateway live
 * @param gateImage image of the isolation gate
 * @param gateway where the gateway is reached
 * @param protectedCidrs ranges that no agent may reach whatever it asks for: API server and metadata addresses, in CIDR form
 * @param apiServer the API server's address as pods see it, {@code ip:port}, which the gate uses as a second closed target
 * @param monitoringNamespace namespace whose pods may read the agents' metrics
 * @param shippedSeccompProfile file name of the shipped profile below the kubelet's seccomp folder
 * @param defaults what an agent gets that says nothing
 */
public record Platform(
        String operatorNamespace,
        String gateImage,
        Gateway gateway,
        List<String> protectedCidrs,
        String apiServer,
        Optional<String> monitoringNamespace,
        String shippedSeccompProfile,
        Effective.Defaults defaults) {
    /**
     * Addresses of instance metadata services: link-local ones (most clouds; OpenStack over IPv6, too), then those of Alibaba,
     * Azure's wire server and Oracle's classic cloud, then, over IPv6, AWS, Alibaba, Oracle, Scaleway and Google.
     */
    public static final List<String> METADATA_CIDRS = List.of(
            "169.254.0.0/16",
            "fe80::/10",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::/32",
            "fd00:100::100:200/128",
            "fd00:c1::a9fe:a9fe/128",
            "fd00:42::42/128",
            "fd20:ce::254/128");

    /** Copies the list. */
    public Platform {
        protectedCidrs = List.copyOf(protectedCidrs);
    }

    /**
     * The gateway as agents reach it.
     *
     * @param ip cluster address of its Service; agents have no DNS
     */
    public record Gateway(String ip) {
        /** Forward proxy. */
        public static final int PROXY_PORT = 3128;
        /** Listens, and no policy ever opens it: an agent that gets through is not isolated. */
        public static final int SENTINEL_PORT = 3129;
        /** Name of its Service and value of its {@code app.kubernetes.io/name} label. */
        public static final String NAME = "agentrun-gateway";

        /** {@code ip:port} of one of its ports; an IPv6 address stands in brackets. */
        String address(int port) {
            return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
        }
    }
}
