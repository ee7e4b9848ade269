package io.agentrun.leader;

import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * From the start of the process to its end: informers, election, reconcilers; and on SIGTERM reconcilers, then the Lease.
 *
 * <p>The way down takes 2 s at the most. A Lease is given back only when every reconciler has ended, because the next leader
 * begins at once; otherwise it runs out by itself. Neither waits for the informers or for the way up.
 */
@Singleton
public class OperatorRun {
    private static final Logger LOG = Logger.getLogger(OperatorRun.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);
    /** Time of the running reconcilers to end. */
    private static final Duration DRAIN = Duration.ofMillis(1400);
    /** Time of the request that gives the Lease back. */
    private static final Duration RELEASE = Duration.ofMillis(300);
    /** Time of everything else on the way down: Vert.x waits for connections that hang. */
    private static final Duration REST = Duration.ofMillis(150);

    /** What the JVM itself exits with on SIGTERM: 128 + 15. */
    private static final int TERMINATED = 143;

    private final Operator operator;
    private final Leadership leadership;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Optional<Controllers> controllers = Optional.empty();
    private volatile boolean synced;

    /**
     * @param operator JOSDK's, with every reconciler; not started
     * @param leadership who may write
     */
    public OperatorRun(Operator operator, Leadership leadership) {
        this.operator = operator;
        this.leadership = leadership;
    }

    /** Starts in the background, however long the API server stays away. */
    public void start() {
        Thread.ofPlatform().daemon().name("operator-start").start(this::comeUp);
    }

    private void comeUp() {
        var retry = FIRST_RETRY;
        while (!startInformers()) {
            if (stopped(retry.plusMillis(ThreadLocalRandom.current().nextLong(retry.toMillis() / 2)))) {
                return;
            }
            retry = retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        }
        synced = true;
        LOG.info("The informers have synced");
        if (stopping.getCount() > 0) {
            leadership.start(controllers.orElseThrow()::startProcessing);
        }
    }

    private boolean startInformers() {
        try {
            if (controllers.isEmpty()) {
                controllers = Optional.of(new Controllers(operator));
                LOG.infof("%d controllers, identity %s", controllers.get().size(), leadership.identity());
            }
            controllers.get().startInformers();
            return true;
        } catch (RuntimeException e) {
            LOG.warnf("The informers can't start, trying again: %s", reason(e));
            LOG.debug("The whole reason", e);
            return false;
        }
    }

    private boolean stopped(Duration wait) {
        try {
            return stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    static String reason(Throwable e) {
        var root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    /** First of all observers: what others close on the way down, reconcilers may still need. */
    void comeDown(@Observes @Priority(1) ShutdownEvent event) {
        var stopped = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("shutdown-limit").start(() -> endAnyway(stopped));
        stop();
        stopped.countDown();
    }

    /** Ends every reconciler, then gives the Lease back. Takes 1.7 s at the most. */
    void stop() {
        leadership.leave();
        stopping.countDown();
        if (controllers.map(c -> c.drain(DRAIN)).orElse(true)) {
            if (leadership.release(RELEASE)) {
                LOG.info("The Lease is given back");
            }
        } else {
            leadership.abandon();
            LOG.warnf("Reconcilers were still running after %s; the Lease runs out by itself", DRAIN);
        }
    }

    private static void endAnyway(CountDownLatch stopped) {
        try {
            if (stopped.await(DRAIN.plus(RELEASE).toMillis(), TimeUnit.MILLISECONDS)) {
                TimeUnit.MILLISECONDS.sleep(REST.toMillis());
            }
            Runtime.getRuntime().halt(TERMINATED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What keeps us from being ready; empty when nothing does. */
    List<String> notReady() {
        if (stopping.getCount() == 0) {
            return List.of("shutting down");
        }
        return synced ? controllers.orElseThrow().unhealthy() : List.of("informers have not synced");
    }
}
