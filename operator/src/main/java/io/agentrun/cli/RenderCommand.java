package io.agentrun.cli;

import io.agentrun.agent.ClusterFreeRenderer;
import io.agentrun.api.v1alpha1.AgentRules;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what Agents become, with the functions that the operator itself uses. */
@Command(
        name = "render",
        description = {
            "Prints the children of every Agent in the manifests, as YAML.",
            "Services in the same manifests, and those of the Agents in them, are used for egress.services; other kinds are"
                    + " passed over.",
        },
        footer = {
            "",
            "Exit codes: 0 rendered; 1 an Agent is invalid, nothing is printed on standard output; 2 a file can't be read.",
            "",
            "Examples:",
            "  agentrun render -f agent.yaml",
            "  kubectl get agent hello -o yaml | agentrun render -f -",
            "  agentrun render -f examples | kubectl diff -f -",
        },
        mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE|DIR|-",
            description = "Manifests: a file, a folder (its *.yaml, *.yml and *.json, deep), or - for standard input.")
    private List<String> inputs;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "Namespace of manifests that name none. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The operator's configuration (application.properties). Default: the built-in one.")
    private Path config;

    @Option(
            names = "--gateway-ip",
            defaultValue = ClusterFreeRenderer.GATEWAY_IP,
            description = "Cluster address of the Service agentrun-gateway. Default: ${DEFAULT-VALUE}, a stand-in.")
    private String gatewayIp;

    @Option(
            names = "--api-server",
            defaultValue = ClusterFreeRenderer.API_SERVER,
            description = "Address of the Service default/kubernetes. Default: ${DEFAULT-VALUE}, a stand-in.")
    private String apiServer;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        var manifests = Manifests.read(inputs, namespace, System.in);
        var faults = new ArrayList<>(manifests.faults());
        for (var located : manifests.agents()) {
            AgentRules.violations(
                            located.agent().getMetadata().getName(),
                            located.agent().getSpec())
                    .forEach(violation -> faults.add(located.where() + ": " + violation));
        }
        var err = command.commandLine().getErr();
        if (!faults.isEmpty()) {
            faults.forEach(err::println);
            err.println(
                    "error: " + faults.size() + (faults.size() == 1 ? " fault" : " faults") + ", nothing was rendered");
            return Agentrun.INVALID;
        }
        if (manifests.agents().isEmpty()) {
            err.println("error: no Agent in " + String.join(", ", inputs));
            return Agentrun.INVALID;
        }
        var renderer = ClusterFreeRenderer.of(config, gatewayIp, apiServer);
        var out = command.commandLine().getOut();
        var services = services(renderer, manifests);
        for (var located : manifests.agents()) {
            var rendered = renderer.render(located.agent(), services);
            rendered.notes().forEach(note -> err.println(located.where() + ": " + note));
            for (HasMetadata child : rendered.children()) {
                out.print(Serialization.asYaml(child));
            }
        }
        out.flush();
        return Agentrun.OK;
    }

    /** Those of the manifests, and those that the Agents in them bring: one agent may be allowed to reach another. */
    private static List<Service> services(ClusterFreeRenderer renderer, Manifests manifests) {
        var services = new ArrayList<>(manifests.services());
        for (var located : manifests.agents()) {
            renderer.render(located.agent(), List.of()).children().stream()
                    .filter(Service.class::isInstance)
                    .map(Service.class::cast)
                    .forEach(services::add);
        }
        return services;
    }
}
