package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** Where the agent listens and how its health is asked. */
public record Endpoint(
        @JsonPropertyDescription(
                "Port that the container listens on, 1024 to 65535 (a non-root process can't bind lower ones). Default 8080.")
        @Default("8080")
        @Min(1024)
        @Max(65535)
        Integer port,

        @JsonPropertyDescription("Path of the health check for protocol HTTP. Default /health.")
        @Default("/health")
        @Pattern("^/[A-Za-z0-9._~/?=&%-]*$")
        @Size(max = 256)
        String healthPath,

        @JsonPropertyDescription(
                "HTTP: startup, readiness and liveness are asked over HTTP. TCP: the port must accept. None: the agent"
                        + " listens nowhere; no Service, no probes, no ingress. Default HTTP.")
        @Default("HTTP")
        EndpointProtocol protocol) {
    /** Fills the defaults. */
    public Endpoint {
        port = port == null ? Integer.valueOf(8080) : port;
        healthPath = healthPath == null ? "/health" : healthPath;
        protocol = protocol == null ? EndpointProtocol.HTTP : protocol;
    }
}
