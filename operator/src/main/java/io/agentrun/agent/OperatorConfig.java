package io.agentrun.agent;

import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's configuration, from environment variables such as {@code AGENTRUN_NAMESPACE} or a mounted
 * {@code application.properties}.
 */
@ConfigMapping(prefix = "agentrun")
public interface OperatorConfig {
    /** Namespace of the operator and the gateway. */
    @WithDefault("agentrun-system")
    String namespace();

    /** Images that the operator puts into pods. */
    Images images();

    /** Address ranges of the API server, besides the endpoints that the cluster shows: a managed one's public address. */
    Optional<List<String>> apiServerCidrs();

    /** Namespace whose pods may read the agents' metrics. */
    Optional<String> monitoringNamespace();

    /** File name of the shipped seccomp profile below the kubelet's seccomp folder. */
    @WithDefault("agentrun-worker.json")
    String seccompProfile();

    /** What an agent gets that says nothing. */
    Defaults defaults();

    /** What no agent may exceed. */
    Caps caps();

    /** Pace of rollouts that no owner asked for. */
    Rollout rollout();

    /** Images. */
    interface Images {
        /** The reference worker, for agents without an image. */
        @WithDefault("localhost/agentrun/worker:dev")
        String worker();

        /** The isolation gate. */
        @WithDefault("localhost/agentrun/gate:dev")
        String gate();
    }

    /** Defaults; every map is by Kubernetes' resource name, quantities as Kubernetes writes them. */
    interface Defaults {
        /** Requests; cpu 100m, memory 256Mi, ephemeral-storage 128Mi. */
        Map<String, String> requests();

        /** Limits; cpu 1, memory 512Mi, ephemeral-storage 2Gi. */
        Map<String, String> limits();
    }

    /** Caps; everything is unset unless written. */
    interface Caps {
        /** Most pods of one agent. */
        Optional<Integer> maxReplicas();

        /** Most of each resource as a replica's limit, by Kubernetes' resource name. */
        Map<String, String> resources();

        /** Mildest egress mode. */
        Optional<EgressMode> egressMode();

        /** Mildest isolation level. */
        Optional<IsolationLevel> isolationLevel();

        /** Registries that images must come from. */
        Optional<List<String>> registries();

        /** Whether images must be named by digest. */
        @WithDefault("false")
        boolean requireDigest();
    }

    /** Rollouts. */
    interface Rollout {
        /** Agents that may be not Ready at a time because the operator or a policy changed their pods. */
        @WithDefault("50")
        int maxConcurrentAgents();
    }
}
