package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.EgressService;
import io.agentrun.api.v1alpha1.KeyRef;
import io.agentrun.api.v1alpha1.OpenFiles;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Quantities;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment of the agent's container: the contract of {@code docs/worker-image.md}, then the owner's own variables. */
final class AgentEnvironment {
    private static final OpenFiles OPEN_FILES = new OpenFiles(1024, 2048);
    private static final Quantity FILE_SIZE = new Quantity("10Mi");

    private AgentEnvironment() {}

    static List<EnvVar> render(Agent agent, Effective effective, Platform platform) {
        var spec = agent.getSpec();
        var ours = new LinkedHashMap<String, String>();
        ours.put("AGENTRUN_AGENT", agent.getMetadata().getName());
        ours.put("AGENTRUN_NAMESPACE", agent.getMetadata().getNamespace());
        ours.put("AGENTRUN_MODE", spec.executionMode().name());
        ours.put("AGENTRUN_PORT", spec.endpoint().port().toString());
        ours.put("AGENTRUN_CONFIG", AgentConfig.FOLDER + "/" + AgentConfig.FILE);
        ours.put("AGENTRUN_SHUTDOWN_TIMEOUT", spec.lifecycle().shutdownTimeout().text());
        var memory = effective.limits().get("memory");
        if (memory != null) {
            ours.put("AGENTRUN_MEMORY_LIMIT_BYTES", Long.toString(Quantities.units(memory.value())));
        }
        if (spec.image() == null && spec.command().isEmpty()) {
            ours.putAll(ulimits(spec));
        }
        if (effective.egressMode().value() == EgressMode.Proxy) {
            ours.putAll(proxy(platform.gateway(), spec));
        }
        // The owner's variable wins over a proxy variable of the same name: the network decides, not the environment.
        spec.env().forEach(variable -> ours.remove(variable.name()));
        var all = new ArrayList<EnvVar>();
        ours.forEach((name, value) -> all.add(new EnvVar(name, value, null)));
        spec.env().forEach(variable -> all.add(owners(variable)));
        return all;
    }

    private static Map<String, String> ulimits(AgentSpec spec) {
        var ulimits = spec.isolation().ulimits();
        var files = ulimits == null || ulimits.openFiles() == null ? OPEN_FILES : ulimits.openFiles();
        var size = ulimits == null || ulimits.fileSize() == null ? FILE_SIZE : ulimits.fileSize();
        var values = new LinkedHashMap<String, String>();
        values.put("AGENTRUN_ULIMIT_OPEN_FILES", files.soft() + ":" + files.hard());
        values.put("AGENTRUN_ULIMIT_FILE_SIZE", Long.toString(Quantities.units(size)));
        return values;
    }

    /** Both writings: curl reads only the small one for http, most others read either. */
    private static Map<String, String> proxy(Platform.Gateway gateway, AgentSpec spec) {
        var url = "http://" + gateway.address(Platform.Gateway.PROXY_PORT);
        var direct = Stream.concat(
                        Stream.of("localhost", "127.0.0.1"),
                        // A Service may be there with two ports.
                        spec.egress().services().stream().map(EgressService::name))
                .distinct()
                .collect(Collectors.joining(","));
        var values = new LinkedHashMap<String, String>();
        for (var name : List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")) {
            values.put(name, url);
        }
        values.put("NO_PROXY", direct);
        values.put("no_proxy", direct);
        return values;
    }

    private static EnvVar owners(io.agentrun.api.v1alpha1.EnvVar variable) {
        var built = new EnvVarBuilder().withName(variable.name());
        if (variable.secretKeyRef() != null) {
            KeyRef ref = variable.secretKeyRef();
            return built.withNewValueFrom()
                    .withNewSecretKeyRef(ref.key(), ref.name(), null)
                    .endValueFrom()
                    .build();
        }
        if (variable.configMapKeyRef() != null) {
            KeyRef ref = variable.configMapKeyRef();
            return built.withNewValueFrom()
                    .withNewConfigMapKeyRef(ref.key(), ref.name(), null)
                    .endValueFrom()
                    .build();
        }
        // Kubernetes leaves an empty value out; writing it would make every comparison fail.
        return built.withValue(variable.value() == null || variable.value().isEmpty() ? null : variable.value())
                .build();
    }
}
