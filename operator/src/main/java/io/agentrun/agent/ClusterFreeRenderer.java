package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Renders without a cluster: the operator's own functions, with stand-ins for the few facts that only a cluster knows. */
public final class ClusterFreeRenderer {
    /** Stands in for the gateway's cluster address (RFC 5737, for documentation). */
    public static final String GATEWAY_IP = "192.0.2.1";
    /** Stands in for the API server's address. */
    public static final String API_SERVER = "192.0.2.2:443";

    private final Platform platform;
    private final Restriction caps;

    private ClusterFreeRenderer(Platform platform, Restriction caps) {
        this.platform = platform;
        this.caps = caps;
    }

    /**
     * What became of one agent.
     *
     * @param children in the order of writing
     * @param notes what a reader should know: missing Services, a refusal
     */
    public record Rendered(List<HasMetadata> children, List<String> notes) {}

    /**
     * A renderer with this configuration.
     *
     * @param config the operator's configuration file, or {@code null} for the built-in one
     * @param gatewayIp the gateway's cluster address
     * @param apiServer {@code ip:port}
     * @throws IOException when the file can't be read
     */
    public static ClusterFreeRenderer of(Path config, String gatewayIp, String apiServer) throws IOException {
        var builder = new SmallRyeConfigBuilder()
                .withMapping(OperatorConfig.class)
                // A file may configure Quarkus and its extensions too.
                .withMappingIgnore("**")
                .withSources(new PropertiesConfigSource(
                        Objects.requireNonNull(
                                ClusterFreeRenderer.class.getResource("/META-INF/microprofile-config.properties"),
                                "the built-in configuration"),
                        100));
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw new IOException("can't read " + config);
            }
            builder.withSources(new PropertiesConfigSource(config.toUri().toURL(), 200));
        }
        var mapping = builder.build().getConfigMapping(OperatorConfig.class);
        return new ClusterFreeRenderer(
                ClusterFacts.platform(mapping, new Platform.Gateway(gatewayIp), apiServer, Set.of()),
                Restrictions.caps(mapping.caps()));
    }

    /**
     * Renders one agent.
     *
     * @param agent valid by {@code AgentRules}
     * @param services those that the manifests hold, of any namespace
     */
    public Rendered render(Agent agent, Collection<Service> services) {
        var effective = Effective.of(agent.getSpec(), caps, platform.defaults());
        var byName = services.stream()
                .filter(service -> Objects.equals(
                        service.getMetadata().getNamespace(),
                        agent.getMetadata().getNamespace()))
                .collect(Collectors.toMap(s -> s.getMetadata().getName(), s -> s, (a, b) -> a));
        var notes = new ArrayList<String>();
        agent.getSpec().egress().services().stream()
                .filter(wish -> !byName.containsKey(wish.name()))
                .forEach(wish -> notes.add("egress.services: Service " + wish.name()
                        + " is not among the manifests, so its opening is left out here"));
        effective.refusals().forEach(refusal -> notes.add("refused, rendered with 0 replicas: " + refusal));
        return new Rendered(Children.render(agent, effective, platform, byName), notes);
    }
}
