package io.agentrun.agent;

import io.fabric8.kubernetes.client.Config;
import java.net.URI;

/** The API server's address as pods see it. */
final class ApiServerAddress {
    private ApiServerAddress() {}

    /** The cluster address when the operator runs in the cluster, else the client's. */
    static String of(Config config) {
        var host = System.getenv("KUBERNETES_SERVICE_HOST");
        var port = System.getenv("KUBERNETES_SERVICE_PORT");
        if (host != null && port != null) {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
        var url = URI.create(config.getMasterUrl());
        return url.getHost() + ":" + (url.getPort() < 0 ? 443 : url.getPort());
    }
}
