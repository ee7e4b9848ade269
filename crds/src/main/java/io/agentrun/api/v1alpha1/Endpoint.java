package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

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
        @Size(max = 256)
        @ValidationRule(
                value = Endpoint.URL_PATH,
                message = "must be a path with an optional query, such as /health or /healthz?full=1")
        String healthPath,

        @JsonPropertyDescription(
                "HTTP: startup, readiness and liveness are asked over HTTP. TCP: the port must accept. None: the agent"
                        + " listens nowhere; no Service, no probes, no ingress. Default HTTP.")
        @Default("HTTP")
        EndpointProtocol protocol) {
    /** A path and query of plain characters. */
    static final String URL_PATH_FORM = "^/[A-Za-z0-9._~/?=&%-]*$";
    /** CEL for a path and query of plain characters. */
    public static final String URL_PATH = "self.matches('" + URL_PATH_FORM + "')";

    /** Fills the defaults. */
    public Endpoint {
        port = port == null ? Integer.valueOf(8080) : port;
        healthPath = healthPath == null ? "/health" : healthPath;
        protocol = protocol == null ? EndpointProtocol.HTTP : protocol;
    }
}
