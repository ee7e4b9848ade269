package io.agentrun.agent;

import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.EndpointProtocol;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads off a pod why it does not serve. Everything that the schema can't know shows here: a Secret that is missing, an image
 * that can't be pulled, a crash, no room, no NetworkPolicy engine.
 */
final class PodProblems {
    /** The gate takes a fraction of a second; after this long there is no engine. */
    static final Duration GATE_PATIENCE = Duration.ofSeconds(60);
    /** How long an agent may take to answer for the first time before it is called silent instead of starting. */
    static final Duration START_PATIENCE = Duration.ofSeconds(30);

    /** How long a pod that the kubelet ended explains why one is missing; its record stays for days. */
    static final Duration ENDED_PATIENCE = Duration.ofMinutes(10);

    private static final Pattern MISSING_CLAIM = Pattern.compile("persistentvolumeclaim \"([^\"]+)\" not found");

    private PodProblems() {}

    /**
     * The problem of one pod.
     *
     * @param spec the agent's
     * @param pod as the API server has it
     * @param warnings Events about the pod that say what its status does not (mounts, sandbox)
     * @param now current time
     * @return empty when the pod serves or is simply on its way
     */
    static Optional<Problem> of(AgentSpec spec, Pod pod, List<Event> warnings, Instant now) {
        if (pod.getStatus() == null || pod.getMetadata().getDeletionTimestamp() != null || ready(pod)) {
            return Optional.empty();
        }
        return Stream.<Optional<Problem>>of(
                        evicted(pod, now),
                        unscheduled(pod),
                        statuses(pod).flatMap(s -> waiting(s, pod).stream()).findFirst(),
                        crashed(pod),
                        returned(pod),
                        gate(spec, pod, now),
                        PodWarnings.of(pod, warnings),
                        silent(spec, pod, now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** When {@link #of} may say something else though nothing changes: the end of a patience. */
    static Optional<Instant> nextLook(Pod pod) {
        var started = Stream.concat(
                running(pod, AgentGate.NAME).map(at -> at.plus(GATE_PATIENCE)).stream(),
                running(pod, AgentContainer.NAME)
                        .filter(at -> !ready(pod))
                        .map(at -> at.plus(START_PATIENCE))
                        .stream());
        return started.min(Instant::compareTo);
    }

    private static Stream<ContainerStatus> statuses(Pod pod) {
        return Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(), pod.getStatus().getContainerStatuses().stream());
    }

    private static Optional<Problem> evicted(Pod pod, Instant now) {
        var reason = pod.getStatus().getReason();
        if (!"Failed".equals(pod.getStatus().getPhase())
                || reason == null
                || ended(pod)
                        .filter(at -> at.plus(ENDED_PATIENCE).isBefore(now))
                        .isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                reason.equals("AppArmor")
                        ? StartProblems.appArmor(said(pod.getStatus().getMessage()), pod)
                        : new Problem(
                                reason,
                                "pod " + name(pod) + " was ended by the kubelet: "
                                        + said(pod.getStatus().getMessage())
                                        + "; a new pod replaces it. Raise the limit that it names, or make room on the"
                                        + " node"));
    }

    /** About when the kubelet ended the pod: the last thing that it wrote. */
    private static Optional<Instant> ended(Pod pod) {
        return Stream.concat(
                        Stream.ofNullable(pod.getStatus().getStartTime()),
                        pod.getStatus().getConditions().stream()
                                .map(PodCondition::getLastTransitionTime)
                                .filter(Objects::nonNull))
                .map(Instant::parse)
                .max(Instant::compareTo);
    }

    private static Optional<Problem> unscheduled(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(c -> c.getType().equals("PodScheduled")
                        && c.getStatus().equals("False")
                        && "Unschedulable".equals(c.getReason()))
                .findFirst()
                .map(PodCondition::getMessage)
                .map(message -> {
                    var claim = MISSING_CLAIM.matcher(message);
                    return claim.find()
                            ? new Problem(
                                    "VolumeMissing",
                                    "PersistentVolumeClaim " + claim.group(1)
                                            + " does not exist: create it, or correct volumes[].claim")
                            : new Problem(
                                    "Unschedulable",
                                    "no node takes pod " + name(pod) + ": " + message
                                            + ". Add room, or lower resources.requests or scheduling");
                });
    }

    private static Optional<Problem> waiting(ContainerStatus status, Pod pod) {
        if (status.getState() == null || status.getState().getWaiting() == null) {
            return Optional.empty();
        }
        var reason = status.getState().getWaiting().getReason();
        var message = said(status.getState().getWaiting().getMessage());
        if (reason == null || reason.equals("PodInitializing") || reason.equals("ContainerCreating")) {
            return Optional.empty();
        }
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError" ->
                Optional.of(new Problem(
                        "ImagePullFailed",
                        "image " + status.getImage() + " of pod " + name(pod) + " can't be pulled: " + message
                                + (status.getName().equals(AgentGate.NAME)
                                        ? ". It is the operator's own gate: correct AGENTRUN_IMAGES_GATE of the install"
                                        : ". Correct spec.image, or add spec.imagePullSecrets")));
            case "CreateContainerConfigError" -> Optional.of(StartProblems.config(message, pod));
            case "CreateContainerError", "RunContainerError", "StartError" ->
                Optional.of(StartProblems.start(message, pod));
            // Backing off between restarts: the crash itself says more.
            case "CrashLoopBackOff" -> Optional.empty();
            default ->
                Optional.of(
                        new Problem(reason, "container " + status.getName() + " of pod " + name(pod) + ": " + message));
        };
    }

    private static Optional<Problem> crashed(Pod pod) {
        return statuses(pod)
                // The gate may have failed before it passed.
                .filter(status -> !endedWell(status.getState()))
                .filter(status -> !Boolean.TRUE.equals(status.getReady())
                        || !status.getName().equals(AgentContainer.NAME))
                .filter(status -> !status.getName().equals(AgentGate.NAME) || status.getRestartCount() > 0)
                .flatMap(status -> LastFailures.failure(status).map(end -> crash(status, end, pod)).stream())
                .findFirst();
    }

    private static boolean endedWell(ContainerState state) {
        return state != null
                && state.getTerminated() != null
                && Integer.valueOf(0).equals(state.getTerminated().getExitCode());
    }

    /** An agent that does its work and goes is restarted for ever, and never serves. */
    private static Optional<Problem> returned(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(AgentContainer.NAME)
                        && (endedWell(status.getState())
                                || (status.getState() != null
                                        && status.getState().getWaiting() != null
                                        && endedWell(status.getLastState()))))
                .findFirst()
                .map(status -> new Problem(
                        "CrashLoop",
                        "the agent in pod " + name(pod) + " ends by itself with exit code 0, "
                                + status.getRestartCount()
                                + " restarts: an agent runs until it is stopped. Correct spec.command, spec.args or the"
                                + " image so that it keeps running"));
    }

    private static Problem crash(ContainerStatus status, ContainerStateTerminated end, Pod pod) {
        if ("StartError".equals(end.getReason())) {
            return StartProblems.start(said(end.getMessage()), pod);
        }
        var said = LastFailures.message(end).map(m -> " It said: " + m).orElse("");
        if ("OOMKilled".equals(end.getReason())) {
            return new Problem(
                    "OutOfMemory",
                    "pod " + name(pod) + " used more memory than its limit and was killed, " + status.getRestartCount()
                            + " restarts. Raise resources.limits.memory, or lower what the agent keeps in memory."
                            + said);
        }
        return new Problem(
                "CrashLoop",
                "container " + status.getName() + " of pod " + name(pod) + " ended with exit code " + end.getExitCode()
                        + ", " + status.getRestartCount() + " restarts. Read `kubectl logs " + name(pod)
                        + " --previous`, then correct the image, command or environment." + said);
    }

    private static Optional<Problem> gate(AgentSpec spec, Pod pod, Instant now) {
        return running(pod, AgentGate.NAME)
                .filter(at -> !at.plus(GATE_PATIENCE).isAfter(now))
                .map(at -> new Problem(
                        "NotEnforced",
                        "the isolation gate of pod " + name(pod) + " waits since " + at
                                + ": connections that no policy allows get through, or the gateway does not answer, so the"
                                + " agent was not started. Start the cluster's NetworkPolicy engine and the gateway"
                                + (spec.egress().mode() == EgressMode.Direct
                                        ? ", or let egress.cidrs leave out the cluster's pod and Service ranges"
                                        : "")
                                + "; `kubectl logs " + name(pod) + " -c " + AgentGate.NAME + "` says which it is"));
    }

    private static Optional<Problem> silent(AgentSpec spec, Pod pod, Instant now) {
        return running(pod, AgentContainer.NAME)
                .filter(at -> !ready(pod) && !at.plus(START_PATIENCE).isAfter(now))
                .map(at -> new Problem(
                        "NotAnswering",
                        "the agent in pod " + name(pod) + " runs since " + at + " and does not answer " + question(spec)
                                + ": correct spec.endpoint, or read `kubectl logs " + name(pod) + "`"));
    }

    private static String question(AgentSpec spec) {
        var endpoint = spec.endpoint();
        return endpoint.protocol() == EndpointProtocol.HTTP
                ? "HTTP GET " + endpoint.healthPath() + " on port " + endpoint.port()
                : "on TCP port " + endpoint.port();
    }

    /** Since when the container runs, if it does. */
    static Optional<Instant> running(Pod pod, String container) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return statuses(pod)
                .filter(s -> s.getName().equals(container)
                        && s.getState() != null
                        && s.getState().getRunning() != null
                        && s.getState().getRunning().getStartedAt() != null)
                .findFirst()
                .map(s -> Instant.parse(s.getState().getRunning().getStartedAt()));
    }

    /** Whether the pod is in service. */
    static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static String said(String message) {
        return Objects.requireNonNullElse(message, "no reason was given");
    }

    static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
