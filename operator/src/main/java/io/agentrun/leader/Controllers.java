package io.agentrun.leader;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ExecutorServiceManager;
import io.javaoperatorsdk.operator.processing.Controller;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * JOSDK's controllers, started in two steps: informers, then reconcilers. {@link Operator#start()} offers the two steps only
 * together with JOSDK's own leader election; the methods that it calls are public, and called here in the same order.
 */
final class Controllers {
    private final List<Controller<?>> controllers;
    private final ExecutorServiceManager executors;
    private boolean stopped;

    Controllers(Operator operator) {
        this.controllers = operator.getRegisteredControllers().stream()
                .<Controller<?>>map(c -> (Controller<?>) c)
                .toList();
        this.executors = operator.getConfigurationService().getExecutorServiceManager();
    }

    /** How many there are. */
    int size() {
        return controllers.size();
    }

    /**
     * Starts the informers and waits until they have synced. What is found is noted, and reconciled once processing starts.
     * After an exception it may be called again: what has started stays so.
     */
    void startInformers() {
        onEach(c -> c.start(false), "Informers of ");
    }

    /** Lets reconcilers run. Nothing happens after {@link #drain}. */
    synchronized void startProcessing() {
        if (!stopped) {
            onEach(Controller::startEventProcessing, "Processing of ");
        }
    }

    private void onEach(Consumer<Controller<?>> action, String thread) {
        executors.boundedExecuteAndWaitForAllToComplete(
                controllers.stream(),
                c -> {
                    action.accept(c);
                    return null;
                },
                c -> thread + c.getConfiguration().getName());
    }

    /**
     * Starts no reconciler any more and waits for those that run. Informers are left to the end of the process, since one
     * that hangs would block it.
     *
     * @param bound longest time to wait
     * @return whether all have ended
     */
    boolean drain(Duration bound) {
        synchronized (this) {
            stopped = true;
            controllers.forEach(c -> c.getEventProcessor().stop());
        }
        var reconcilers = executors.reconcileExecutorService();
        reconcilers.shutdown();
        try {
            return reconcilers.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Names of the event sources that do not work, each with its controller's. */
    List<String> unhealthy() {
        return controllers.stream()
                .flatMap(c -> c.getControllerHealthInfo().unhealthyEventSources().keySet().stream()
                        .map(source -> c.getConfiguration().getName() + "/" + source))
                .sorted()
                .toList();
    }
}
