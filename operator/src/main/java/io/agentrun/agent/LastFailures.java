package io.agentrun.agent;

import io.agentrun.api.v1alpha1.LastFailure;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The newest failed end of a container, kept in the status after the pod that had it is gone. */
final class LastFailures {
    private static final int MOST_MESSAGE = 1024;

    private LastFailures() {}

    /** The newest of what the pods show and what the status already knows; {@code null} when nothing ever failed. */
    static LastFailure newest(LastFailure known, List<Pod> pods) {
        return Stream.concat(
                        Stream.ofNullable(known),
                        pods.stream().filter(pod -> pod.getStatus() != null).flatMap(LastFailures::of))
                .filter(failure -> failure.at() != null)
                .max(Comparator.comparing(LastFailure::at))
                .orElse(known);
    }

    private static Stream<LastFailure> of(Pod pod) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                // A pod on its way out is killed on purpose.
                .filter(status -> pod.getMetadata().getDeletionTimestamp() == null)
                .flatMap(status -> failure(status).stream()
                        .map(end -> new LastFailure(
                                pod.getMetadata().getName(),
                                status.getName(),
                                end.getReason(),
                                end.getExitCode(),
                                end.getFinishedAt(),
                                message(end).orElse(null))));
    }

    /** How the container failed last, if it did: now, or before its last restart. */
    static Optional<ContainerStateTerminated> failure(ContainerStatus status) {
        return Stream.of(
                        Optional.ofNullable(status.getState()).map(state -> state.getTerminated()),
                        Optional.ofNullable(status.getLastState()).map(state -> state.getTerminated()))
                .flatMap(Optional::stream)
                .filter(end -> end.getExitCode() != null && end.getExitCode() != 0)
                .findFirst();
    }

    /** What the container left in its termination message. */
    static Optional<String> message(ContainerStateTerminated end) {
        return Optional.ofNullable(end.getMessage())
                .map(String::strip)
                .filter(message -> !message.isEmpty())
                .map(LastFailures::shortened);
    }

    private static String shortened(String message) {
        if (message.length() <= MOST_MESSAGE) {
            return message;
        }
        // Half of a character would be stored as another one, and the status would differ from the wish for ever.
        var whole = Character.isHighSurrogate(message.charAt(MOST_MESSAGE - 1)) ? MOST_MESSAGE - 1 : MOST_MESSAGE;
        return message.substring(0, whole);
    }
}
