package io.agentrun.leader;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the leader election, such as {@code AGENTRUN_LEADER_LEASE_DURATION}. */
@ConfigMapping(prefix = "agentrun.leader")
public interface LeaderConfig {
    /** Namespace of the Lease: the operator's own. */
    @WithDefault("${agentrun.namespace:agentrun-system}")
    String namespace();

    /** Name of the Lease. */
    @WithDefault("agentrun-operator")
    String leaseName();

    /** First part of the identity; a random part follows, so that a restarted container is somebody new. */
    @WithDefault("${POD_NAME:${HOSTNAME:agentrun-operator}}")
    String podName();

    /** How long a standby waits after the leader's last sign of life, whole seconds. */
    @WithDefault("15s")
    Duration leaseDuration();

    /** How long a leader goes on without a confirmed renewal. */
    @WithDefault("10s")
    Duration renewDeadline();

    /** Time between two tries, lengthened by up to a fifth. */
    @WithDefault("2s")
    Duration retryPeriod();
}
