package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The isolation gate, the first init container. It ends only when targets that no policy opens are closed three times running
 * (and, in mode Proxy, the proxy answers), so that no agent code ever runs before the packet filter does; it never ends on a
 * cluster without a NetworkPolicy engine.
 */
final class AgentGate {
    /** Name of the container. */
    static final String NAME = "isolated";

    private AgentGate() {}

    static Container container(Agent agent, Effective effective, Platform platform) {
        var closed = platform.gateway().address(Platform.Gateway.SENTINEL_PORT) + "," + platform.apiServer();
        var env = new ArrayList<EnvVar>();
        env.add(new EnvVar("AGENTRUN_GATE_CLOSED", closed, null));
        if (effective.egressMode().value() == EgressMode.Proxy) {
            env.add(new EnvVar("AGENTRUN_GATE_OPEN", platform.gateway().address(Platform.Gateway.PROXY_PORT), null));
        }
        var container = new ContainerBuilder()
                .withName(NAME)
                .withImage(platform.gateImage())
                .withImagePullPolicy("IfNotPresent")
                .withArgs("wait")
                .withResources(new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("10m"))
                        .addToRequests("ephemeral-storage", new Quantity("16Mi"))
                        .addToRequests("memory", new Quantity("32Mi"))
                        .addToLimits("cpu", new Quantity("200m"))
                        .addToLimits("ephemeral-storage", new Quantity("16Mi"))
                        // A container of less than about 32Mi kills runc itself.
                        .addToLimits("memory", new Quantity("32Mi"))
                        .build())
                .withSecurityContext(AgentContainer.securityContext())
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("File");
        if (AgentContainer.wrapped(agent.getSpec())) {
            env.add(new EnvVar("AGENTRUN_GATE_INSTALL", AgentVolumes.WRAPPER_FOLDER, null));
            container.withVolumeMounts(List.of(AgentVolumes.wrapperMount(false)));
        }
        return container.withEnv(env).build();
    }
}
