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
@ValidationRule(
        value = "self.executionMode != 'Continuous' || (self.replicas <= 1 && !has(self.scaling))",
        message =
                "executionMode Continuous runs one replica: set replicas to 1 and remove scaling, or choose Collaborative")
@ValidationRule(
        value = "!has(self.isolation.ulimits) || !has(self.image) || has(self.command)",
        message =
                "isolation.ulimits with an image of your own needs command, since the limits are set by a wrapper around it:"
                        + " write the image's command, or remove ulimits")
@ValidationRule(
        value = "self.isolation.level != 'Strict' || self.egress.mode != 'Direct'",
        message =
                "isolation.level Strict does not go with egress.mode Direct: set mode Proxy or None, or level Restricted")
@ValidationRule(
        value = "!has(self.suspendReason) || self.operatingMode != 'Running'",
        message = "suspendReason goes with operatingMode Suspended or Terminated: remove it, or set the mode")
@ValidationRule(
        value = "!has(self.ingress) || !has(self.ingress.from) || size(self.ingress.from) == 0 ||"
                + " self.endpoint.protocol != 'None'",
        message = "ingress.from needs an endpoint to connect to: set endpoint.protocol HTTP or TCP, or remove ingress")
@ValidationRule(
        value =
                "!has(self.resources) || !has(self.resources.requests) || !has(self.resources.limits) ||"
                        + " self.resources.requests.all(k, !(k in self.resources.limits) ||"
                        + " quantity(string(self.resources.requests[k])).compareTo(quantity(string(self.resources.limits[k]))) <= 0)",
        message = "resources.requests must not be above resources.limits: lower the request or raise the limit")
@ValidationRule(
        value = "!has(self.volumes) || self.volumes.all(v, !self.isolation.scratch.exists(s, s.path == v.mountPath))",
        message =
                "volumes[].mountPath must not be one of isolation.scratch[].path: choose another path, or remove that scratch")
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

        @JsonPropertyDescription("Why the agent is suspended or terminated; shown in its conditions.") @Size(max = 512)
        String suspendReason,

        @JsonPropertyDescription("Container image. Default: the operator's reference worker.")
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "!self.matches('[[:space:]]') && !self.startsWith('-')",
                message =
                        "image must be an image reference without blanks, such as registry.example.com/team/agent:1.2")
        String image,

        @JsonPropertyDescription("When the kubelet pulls the image. Default IfNotPresent.") @Default("IfNotPresent")
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription("Secrets with credentials for the image's registry.") @Size(max = 5)
        List<LocalRef> imagePullSecrets,

        @JsonPropertyDescription("Command instead of the image's own entry point.") @Size(max = 50)
        List<@Size(max = 4096) String> command,

        @JsonPropertyDescription("Arguments of the command.") @Size(max = 100)
        List<@Size(max = 4096) String> args,

        @JsonPropertyDescription("Environment variables.") @Size(max = 100)
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

        @JsonPropertyDescription("What is mounted into the agent.") @Size(max = 20)
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
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$')",
                message = "restartAt must be a time such as 2026-01-31T12:00:00Z")
        String restartAt,

        @JsonPropertyDescription("Where the pods may run.") @Default("{}")
        Scheduling scheduling,

        @JsonPropertyDescription("Labels and annotations for the pods.") @Default("{}")
        PodMetadata podMetadata) {
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
