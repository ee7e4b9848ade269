package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.Endpoint;
import io.agentrun.api.v1alpha1.EndpointProtocol;
import io.agentrun.api.v1alpha1.Ulimits;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Limit;
import io.agentrun.restriction.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The agent's own container. */
final class AgentContainer {
    /** Name of the container. */
    static final String NAME = "agent";
    /** Seconds between the pod's removal from the Service and SIGTERM, so that no request is sent to a dying pod. */
    static final int ENDPOINT_DRAIN = 3;
    /** What the container runtime gives {@code /dev/shm}; it counts as the container's memory. */
    static final long SHARED_MEMORY = 64L << 20;

    private static final int STARTUP_SECONDS = 300;
    private static final int MAX_READINESS_PERIOD = 10;
    private static final int FAILURES = 3;

    private AgentContainer() {}

    static Container render(Agent agent, Effective effective, Platform platform) {
        var spec = agent.getSpec();
        var container = new ContainerBuilder()
                .withName(NAME)
                .withImage(effective.image().value())
                .withImagePullPolicy(spec.imagePullPolicy().name())
                .withCommand(command(spec))
                .withArgs(spec.args())
                .withEnv(AgentEnvironment.render(agent, effective, platform))
                .withNewResources()
                .withRequests(amounts(effective.requests(), 0))
                .withLimits(amounts(effective.limits(), memoryOverhead(spec)))
                .endResources()
                .withSecurityContext(securityContext())
                .withVolumeMounts(AgentVolumes.mounts(agent))
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy(spec.lifecycle().failureLogTail() ? "FallbackToLogsOnError" : "File");
        var endpoint = spec.endpoint();
        if (endpoint.protocol() != EndpointProtocol.None) {
            var interval = spec.lifecycle().healthCheckInterval().seconds(1);
            container
                    .withPorts(port(endpoint))
                    .withStartupProbe(probe(endpoint, 1, STARTUP_SECONDS))
                    .withReadinessProbe(probe(endpoint, Math.min(interval, MAX_READINESS_PERIOD), FAILURES))
                    .withLivenessProbe(probe(endpoint, interval, FAILURES))
                    .withNewLifecycle()
                    .withNewPreStop()
                    .withNewSleep()
                    .withSeconds((long) ENDPOINT_DRAIN)
                    .endSleep()
                    .endPreStop()
                    .endLifecycle();
        }
        return container.build();
    }

    /** Whether the command runs inside the wrapper that sets the ulimits. The worker image brings its own. */
    static boolean wrapped(AgentSpec spec) {
        return spec.isolation().ulimits() != null && !spec.command().isEmpty();
    }

    /** The owner's time for a clean end, and the drain before it. */
    static long gracePeriod(AgentSpec spec) {
        var drain = spec.endpoint().protocol() == EndpointProtocol.None ? 0 : ENDPOINT_DRAIN;
        return spec.lifecycle().shutdownTimeout().seconds(1) + (long) drain;
    }

    private static List<String> command(AgentSpec spec) {
        if (!wrapped(spec)) {
            return spec.command();
        }
        var command = new ArrayList<String>();
        command.add(AgentVolumes.WRAPPER_FOLDER + "/agentrun-gate");
        command.add("exec");
        Ulimits ulimits = spec.isolation().ulimits();
        if (ulimits.openFiles() != null) {
            command.add("--open-files");
            command.add(ulimits.openFiles().soft() + ":" + ulimits.openFiles().hard());
        }
        if (ulimits.fileSize() != null) {
            command.add("--file-size");
            command.add(Long.toString(Quantities.units(ulimits.fileSize())));
        }
        command.add("--");
        command.addAll(spec.command());
        return command;
    }

    /** Memory that belongs to scratch and {@code /dev/shm}, so that filling them never kills the agent. */
    static long memoryOverhead(AgentSpec spec) {
        return SHARED_MEMORY
                + spec.isolation().scratch().stream()
                        .mapToLong(scratch -> Quantities.units(scratch.size()))
                        .sum();
    }

    private static Map<String, Quantity> amounts(Map<String, Limit<Quantity>> limits, long memoryOverhead) {
        var amounts = new TreeMap<String, Quantity>();
        limits.forEach((name, limit) -> amounts.put(
                name,
                name.equals("memory") && memoryOverhead > 0
                        ? Quantities.bytes(Quantities.units(limit.value()) + memoryOverhead)
                        : Quantities.canonical(limit.value())));
        return amounts;
    }

    static SecurityContext securityContext() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withPrivileged(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static ContainerPort port(Endpoint endpoint) {
        return new ContainerPortBuilder()
                .withName("agent")
                .withContainerPort(endpoint.port())
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(Endpoint endpoint, int period, int failures) {
        var probe = new ProbeBuilder()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(Math.min(period, 5))
                .withSuccessThreshold(1)
                .withFailureThreshold(failures);
        return switch (endpoint.protocol()) {
            case HTTP ->
                probe.withNewHttpGet()
                        .withPath(endpoint.healthPath())
                        .withPort(new IntOrString(endpoint.port()))
                        .withScheme("HTTP")
                        .endHttpGet()
                        .build();
            case TCP ->
                probe.withNewTcpSocket()
                        .withPort(new IntOrString(endpoint.port()))
                        .endTcpSocket()
                        .build();
            case None -> throw new IllegalStateException("no endpoint, no probe");
        };
    }
}
