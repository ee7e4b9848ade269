package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.api.v1alpha1.AgentRules;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One folder of {@code golden}: an agent, the Services around it and the caps over it, on a platform that never changes.
 *
 * @param folder where the expected children lie
 * @param agent as the API server would hold it
 * @param effective what the caps leave of it
 * @param children as rendered
 */
record GoldenCase(Path folder, Agent agent, Effective effective, List<HasMetadata> children) {
    static final Path ROOT = Path.of("src/test/resources/golden");

    /** Two address families, a monitoring namespace, and every metadata range, so that each shows in the policies. */
    static final Platform PLATFORM = new Platform(
            "agentrun-system",
            "gate:test",
            new Platform.Gateway("10.96.0.50"),
            Stream.concat(
                            Platform.METADATA_CIDRS.stream(),
                            Stream.of("10.96.0.1/32", "192.0.2.10/32", "fd00:10::1/128"))
                    .toList(),
            "10.96.0.1:443",
            Optional.of("monitoring"),
            "agentrun-worker.json",
            new Effective.Defaults(
                    "worker:test",
                    Map.of(
                            "cpu", new Quantity("100m"),
                            "memory", new Quantity("256Mi"),
                            "ephemeral-storage", new Quantity("128Mi")),
                    Map.of(
                            "cpu", new Quantity("1"),
                            "memory", new Quantity("512Mi"),
                            "ephemeral-storage", new Quantity("2Gi"))));

    static List<GoldenCase> all() {
        try (var folders = Files.list(ROOT)) {
            return folders.sorted().map(GoldenCase::load).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoldenCase load(Path folder) {
        var agent = agent(text(folder.resolve("in-agent.yaml")).orElseThrow());
        var services = new HashMap<String, Service>();
        text(folder.resolve("in-service.yaml")).stream()
                .flatMap(all -> Stream.of(all.split("(?m)^---$")))
                .map(one -> Serialization.unmarshal(one, Service.class))
                .forEach(service -> services.put(service.getMetadata().getName(), service));
        var caps =
                text(folder.resolve("in-caps.properties")).map(GoldenCase::caps).orElse(Restriction.NONE);
        var effective = Effective.of(agent.getSpec(), caps, PLATFORM.defaults());
        return new GoldenCase(folder, agent, effective, Children.render(agent, effective, PLATFORM, services));
    }

    /** A valid agent with what the API server adds. */
    static Agent agent(String manifest) {
        if (!(AgentReader.read(manifest) instanceof AgentReader.Read read)) {
            throw new IllegalArgumentException(AgentReader.read(manifest).toString());
        }
        var agent = read.agent();
        var faults = AgentRules.violations(agent.getMetadata().getName(), agent.getSpec());
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.toString());
        }
        agent.getMetadata().setNamespace("golden");
        agent.getMetadata().setUid("11111111-2222-3333-4444-555555555555");
        agent.getMetadata().setGeneration(1L);
        return agent;
    }

    <T extends HasMetadata> Optional<T> child(Class<T> kind) {
        return children.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Restriction caps(String text) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var resources = new HashMap<String, String>();
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith("resources."))
                .forEach(name -> resources.put(name.substring("resources.".length()), properties.getProperty(name)));
        return Restrictions.caps(new Caps(
                Optional.ofNullable(properties.getProperty("max-replicas")).map(Integer::valueOf),
                resources,
                Optional.ofNullable(properties.getProperty("egress-mode")).map(EgressMode::valueOf),
                Optional.ofNullable(properties.getProperty("isolation-level")).map(IsolationLevel::valueOf),
                Optional.ofNullable(properties.getProperty("registries")).map(all -> List.of(all.split(","))),
                Boolean.parseBoolean(properties.getProperty("require-digest"))));
    }

    /** The operator's caps without the machinery that reads them from a file. */
    record Caps(
            Optional<Integer> maxReplicas,
            Map<String, String> resources,
            Optional<EgressMode> egressMode,
            Optional<IsolationLevel> isolationLevel,
            Optional<List<String>> registries,
            boolean requireDigest)
            implements OperatorConfig.Caps {}
}
