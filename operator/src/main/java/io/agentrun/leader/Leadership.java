package io.agentrun.leader;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Whether this process leads. Metric: {@code agentrun_leader}, 1 or 0.
 *
 * <p>A leader that loses the Lease outside a shutdown ends the process at once, exit code 1, without any hook: nothing that
 * it still has in its queues may be written. {@link WriteFence} has closed by then.
 *
 * <p>Made at startup, by the main thread: a client that the first probe made, on a thread of the web server, would be closed
 * with the web server, before the Lease is given back.
 */
@Startup
@Singleton
public final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);

    private final String identity;
    private final Elector elector;
    private final ElectorLoop loop;
    private final LeaderEvents events;
    private final IntConsumer halt;
    private volatile Runnable onLeading = () -> {};

    /**
     * @param config names and times
     * @param kubernetes where the API server is
     * @param serialization of the client
     * @param metrics gets the gauge
     * @param clock times that people read in the Lease
     */
    @Inject
    public Leadership(
            LeaderConfig config,
            Config kubernetes,
            KubernetesSerialization serialization,
            MeterRegistry metrics,
            Clock clock) {
        this(config, client(config, kubernetes, serialization), metrics, clock, Runtime.getRuntime()::halt);
    }

    Leadership(LeaderConfig config, KubernetesClient client, MeterRegistry metrics, Clock clock, IntConsumer halt) {
        this.halt = halt;
        this.identity = config.podName() + "-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        var times = new LeaseTimes(config.leaseDuration(), config.renewDeadline(), config.retryPeriod());
        var store = new KubernetesLeaseStore(client, config.namespace(), config.leaseName());
        this.elector = new Elector(store, new Election(identity, times), System::nanoTime, clock, new Told());
        this.loop = new ElectorLoop(elector);
        this.events = new LeaderEvents(client, identity, clock);
        Gauge.builder("agentrun.leader", this, l -> l.isLeader() ? 1 : 0)
                .description("1 while this process leads, 0 while it stands by")
                .strongReference(true)
                .register(metrics);
    }

    /**
     * A client of the election's own: no fence, no queue behind the reconcilers' requests, and no retries, so that two
     * requests fit into the renew deadline even if both run into their timeout (which the client doubles).
     */
    static KubernetesClient client(LeaderConfig config, Config kubernetes, KubernetesSerialization serialization) {
        var client = new KubernetesClientBuilder()
                .withConfig(kubernetes)
                .withKubernetesSerialization(serialization)
                .build();
        var requests = new RequestConfigBuilder(kubernetes.getRequestConfig())
                .withRequestTimeout(Math.toIntExact(config.renewDeadline().toMillis() / 5))
                .withRequestRetryBackoffLimit(0)
                .build();
        return client.newClient(requests).adapt(KubernetesClient.class);
    }

    /** Who we are: the pod's name and a random part that differs with every start. */
    public String identity() {
        return identity;
    }

    /** Whether we lead at this very moment; cheap. */
    public boolean isLeader() {
        return elector.isLeader();
    }

    /**
     * Stands for election. Call it once.
     *
     * @param onLeading runs once, when we lead; if it throws, the process ends
     */
    void start(Runnable onLeading) {
        this.onLeading = onLeading;
        loop.start();
    }

    /** A shutdown begins: a standby does not stand for election any more, a leader leads until {@link #release}. */
    void leave() {
        elector.leave();
    }

    /**
     * Stops leading and gives the Lease back: the last act.
     *
     * @param bound longest time for the request
     * @return whether there was something to give back, and it worked
     */
    boolean release(Duration bound) {
        return loop.release(bound);
    }

    /** Stops leading and leaves the Lease to run out, because something of ours may still be under way. */
    void abandon() {
        loop.stop();
    }

    private final class Told implements Elector.Listener {
        @Override
        public void startedLeading(LeaseStore.Stored lease) {
            LOG.infof("%s leads", identity);
            onLeading.run();
            events.startedLeading(lease.object());
        }

        @Override
        public void lost(String why) {
            LOG.errorf("%s does not lead any more (%s): the process ends", identity, why);
            halt.accept(1);
        }
    }
}
