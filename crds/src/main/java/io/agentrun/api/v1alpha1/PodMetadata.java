package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Labels and annotations for the pods, for tools that look for them there. */
public record PodMetadata(
        @JsonPropertyDescription(
                "Labels for the pods. Keys of agentrun.io, app.kubernetes.io and kubernetes.io are refused.")
        @Size(max = 20)
        @ValidationRule(value = PodMetadata.FREE_KEYS, message = "podMetadata.labels: " + PodMetadata.FREE_KEYS_MESSAGE)
        Map<String, @Size(max = 63) String> labels,

        @JsonPropertyDescription(
                "Annotations for the pods. Keys of agentrun.io, app.kubernetes.io and kubernetes.io are refused.")
        @Size(max = 20)
        @ValidationRule(
                value = PodMetadata.FREE_KEYS,
                message = "podMetadata.annotations: " + PodMetadata.FREE_KEYS_MESSAGE)
        Map<String, @Size(max = 1024) String> annotations) {
    /** CEL: no key that the operator or Kubernetes gives a meaning. */
    public static final String FREE_KEYS = "self.all(k, !k.matches('^([^/]*[.])?(agentrun|kubernetes|k8s)[.]io/') &&"
            + " k.matches('^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'))";
    /** What to write instead. */
    public static final String FREE_KEYS_MESSAGE =
            "keys must be qualified names outside agentrun.io, kubernetes.io and k8s.io: choose a key of your own, such as"
                    + " example.com/team";

    /** Empty maps instead of none. */
    public PodMetadata {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }
}
