package io.agentrun.leader;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One process's {@link Leadership}, with a JVM that only notes that it was to halt. */
final class Candidate implements AutoCloseable {
    /** Long enough for a busy machine, short enough for a test. */
    static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofMillis(500));

    final MeterRegistry metrics = new SimpleMeterRegistry();
    final AtomicInteger halted = new AtomicInteger();
    final AtomicLong ledAt = new AtomicLong();
    final Leadership leadership;

    Candidate(String pod, String namespace, Config kubernetes, Clock clock) {
        var config =
                new Settings(namespace, "agentrun-operator", pod, TIMES.lease(), TIMES.renewDeadline(), TIMES.retry());
        var client = Leadership.client(config, kubernetes, new KubernetesSerialization());
        this.leadership = new Leadership(config, client, metrics, clock, halted::addAndGet);
    }

    Candidate(String pod, String namespace, Config kubernetes) {
        this(pod, namespace, kubernetes, Clock.systemUTC());
    }

    Candidate start() {
        leadership.start(() -> ledAt.set(System.nanoTime()));
        return this;
    }

    boolean leads() {
        return leadership.isLeader();
    }

    String identity() {
        return leadership.identity();
    }

    /** As SIGKILL: no word to anybody. */
    @Override
    public void close() {
        leadership.abandon();
    }

    private record Settings(
            String namespace,
            String leaseName,
            String podName,
            Duration leaseDuration,
            Duration renewDeadline,
            Duration retryPeriod)
            implements LeaderConfig {}
}
