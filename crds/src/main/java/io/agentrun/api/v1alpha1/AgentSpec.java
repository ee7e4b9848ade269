package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/**
 * What the owner of an agent wants. The operator never edits it; only the autoscaler, through the scale subresource, writes
 * {@code replicas}.
 */
@ValidationRule(value = AgentSpec.ONE_REPLICA, message = AgentSpec.ONE_REPLICA_MESSAGE)
@ValidationRule(value = AgentSpec.ULIMITS, message = AgentSpec.ULIMITS_MESSAGE)
@ValidationRule(value = AgentSpec.STRICT, message = AgentSpec.STRICT_MESSAGE)
@ValidationRule(value = AgentSpec.SUSPENDED, message = AgentSpec.SUSPENDED_MESSAGE)
@ValidationRule(value = AgentSpec.REACHABLE, message = AgentSpec.REACHABLE_MESSAGE)
@ValidationRule(value = AgentSpec.SCRATCH_APART, message = AgentSpec.SCRATCH_APART_MESSAGE)
@ValidationRule(value = AgentSpec.MOUNTS_APART, message = AgentSpec.MOUNTS_APART_MESSAGE)
public record AgentSpec(
        @JsonPropertyDescription(
                "Collaborative: a pool of equal replicas behind a Service. Autonomous: a pool that also works on its own."
                        + " Continuous: exactly one replica at a time. Default Collaborative.")
        @Default("Collaborative")
        ExecutionMode executionMode,

        @JsonPropertyDescription(
                "Running: as written. Suspended: no pods, replicas keeps its number, Service and configuration stay. Terminated:"
                        + " pods killed at once and the Service removed. Default Running.")
        @Default("Running")
        OperatingMode operatingMode,

        @JsonPropertyDescription("Why the agent is suspended or terminated; shown in its conditions.")
        @Size(max = 512)
        @ValidationRule(value = Forms.IS_ONE_LINE, message = Forms.ONE_LINE_MESSAGE)
        String suspendReason,

        @JsonPropertyDescription("Container image. Default: the operator's reference worker.")
        @Size(max = 512)
        @ValidationRule(value = Forms.IS_IMAGE, message = Forms.IMAGE_MESSAGE)
        String image,

        @JsonPropertyDescription("When the kubelet pulls the image. Default IfNotPresent.") @Default("IfNotPresent")
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription("Secrets with credentials for the image's registry.") @Size(max = 5) @ListKeys("name")
        List<LocalRef> imagePullSecrets,

        @JsonPropertyDescription("Command instead of the image's own entry point.") @Size(max = 50)
        List<@Size(max = 4096) String> command,

        @JsonPropertyDescription("Arguments of the command.") @Size(max = 100)
        List<@Size(max = 4096) String> args,

        @JsonPropertyDescription("Environment variables.") @Size(max = 100) @ListKeys("name")
        List<EnvVar> env,

        @JsonPropertyDescription("Where the agent listens and how its health is asked.") @Default("{}")
        Endpoint endpoint,

        @JsonPropertyDescription(
                "Wished number of replicas, 0 to 1000; also what kubectl scale and the autoscaler write. Leave it out of Git"
                        + " when scaling is set. Default 1.")
        @Default("1")
        @Min(0)
        @Max(1000)
        @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("Horizontal autoscaling. Default: none.")
        Scaling scaling,

        @JsonPropertyDescription("Compute resources of each replica.")
        Resources resources,

        @JsonPropertyDescription("How the pods are shut in.") @Default("{}")
        Isolation isolation,

        @JsonPropertyDescription("What is mounted into the agent.") @Size(max = 20) @ListKeys("name")
        List<Volume> volumes,

        @JsonPropertyDescription("What the agent may reach.") @Default("{}")
        Egress egress,

        @JsonPropertyDescription("Who may connect to the agent.") @Default("{}")
        Ingress ingress,

        @JsonPropertyDescription("From start to stop.") @Default("{}")
        Lifecycle lifecycle,

        @JsonPropertyDescription(
                "Set it to the current time, such as 2026-01-31T12:00:00Z, to replace all pods one after the other.")
        @Size(max = 64)
        @ValidationRule(value = Forms.IS_TIME, message = "must be a time such as 2026-01-31T12:00:00Z")
        String restartAt,

        @JsonPropertyDescription("Where the pods may run.") @Default("{}")
        Scheduling scheduling,

        @JsonPropertyDescription("Labels and annotations for the pods.") @Default("{}")
        PodMetadata podMetadata) {
    /** CEL: Continuous means one replica. */
    public static final String ONE_REPLICA =
            "self.executionMode != 'Continuous' || (self.replicas <= 1 && !has(self.scaling))";

    static final String ONE_REPLICA_MESSAGE =
            "executionMode Continuous runs one replica: set replicas to 1 and remove scaling, or choose Collaborative";
    /** CEL: who sets ulimits must say what they are wrapped around. */
    public static final String ULIMITS =
            "!has(self.isolation.ulimits) || !has(self.image) || (has(self.command) && size(self.command) > 0)";

    static final String ULIMITS_MESSAGE =
            "isolation.ulimits with an image of your own needs command, since the limits are set by a wrapper around it:"
                    + " write the image's command, or remove ulimits";
    /** CEL: Strict forbids Direct. */
    public static final String STRICT = "self.isolation.level != 'Strict' || self.egress.mode != 'Direct'";

    static final String STRICT_MESSAGE =
            "isolation.level Strict does not go with egress.mode Direct: set mode Proxy or None, or level Restricted";
    /** CEL: a reason needs its state. */
    public static final String SUSPENDED = "!has(self.suspendReason) || self.operatingMode != 'Running'";

    static final String SUSPENDED_MESSAGE =
            "suspendReason goes with operatingMode Suspended or Terminated: remove it, or set the mode";
    /** CEL: nobody can connect where nothing listens. */
    public static final String REACHABLE =
            "!has(self.ingress.from) || size(self.ingress.from) == 0 || self.endpoint.protocol != 'None'";

    static final String REACHABLE_MESSAGE =
            "ingress.from needs an endpoint to connect to: set endpoint.protocol HTTP or TCP, or remove ingress";
    /** CEL: a place is a scratch or a mount. */
    public static final String SCRATCH_APART =
            "!has(self.volumes) || self.volumes.all(v, !self.isolation.scratch.exists(s, s.path == v.mountPath))";

    static final String SCRATCH_APART_MESSAGE =
            "volumes[].mountPath must not be one of isolation.scratch[].path: choose another path, or remove that scratch";
    /** CEL: a place has one volume. */
    public static final String MOUNTS_APART =
            "!has(self.volumes) || self.volumes.all(v, self.volumes.exists_one(w, w.mountPath == v.mountPath))";

    static final String MOUNTS_APART_MESSAGE =
            "volumes[].mountPath must differ from volume to volume: choose another path for one of them";

    /** Fills the defaults. */
    public AgentSpec {
        executionMode = executionMode == null ? ExecutionMode.Collaborative : executionMode;
        operatingMode = operatingMode == null ? OperatingMode.Running : operatingMode;
        imagePullPolicy = imagePullPolicy == null ? ImagePullPolicy.IfNotPresent : imagePullPolicy;
        imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
        command = command == null ? List.of() : List.copyOf(command);
        args = args == null ? List.of() : List.copyOf(args);
        env = env == null ? List.of() : List.copyOf(env);
        endpoint = endpoint == null ? new Endpoint(null, null, null) : endpoint;
        replicas = replicas == null ? Integer.valueOf(1) : replicas;
        resources = resources == null ? new Resources(null, null) : resources;
        isolation = isolation == null ? new Isolation(null, null, null, null, null, null, null) : isolation;
        volumes = volumes == null ? List.of() : List.copyOf(volumes);
        egress = egress == null ? new Egress(null, null, null) : egress;
        ingress = ingress == null ? new Ingress(null) : ingress;
        lifecycle = lifecycle == null ? new Lifecycle(null, null, null) : lifecycle;
        scheduling = scheduling == null ? new Scheduling(null, null, null, null) : scheduling;
        podMetadata = podMetadata == null ? new PodMetadata(null, null) : podMetadata;
    }
}
