package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Labels and annotations for the pods, for tools that look for them there. */
public record PodMetadata(
        @JsonPropertyDescription(
                "Labels for the pods. Keys of agentrun.io, kubernetes.io, k8s.io and of network plugins are refused.")
        @Size(max = 20)
        @ValidationRule(value = PodMetadata.FREE_KEYS, message = PodMetadata.FREE_KEYS_MESSAGE)
        @ValidationRule(value = Forms.ARE_LABELS, message = Forms.LABELS_MESSAGE)
        Map<String, @Size(max = 63) String> labels,

        @JsonPropertyDescription(
                "Annotations for the pods. Keys of agentrun.io, kubernetes.io, k8s.io and of network plugins are refused.")
        @Size(max = 20)
        @ValidationRule(value = PodMetadata.FREE_KEYS, message = PodMetadata.FREE_KEYS_MESSAGE)
        @ValidationRule(value = PodMetadata.KEYS, message = PodMetadata.KEYS_MESSAGE)
        Map<String, @Size(max = 1024) String> annotations) {
    /** Keys to which the operator, Kubernetes, a container runtime or a network plugin gives a meaning. */
    static final String TAKEN_KEY =
            "^([^/]*[.])?(agentrun|kubernetes|k8s|cncf|multus-cni|projectcalico|cilium)[.](io|org)/|^io[.]kubernetes[.]";
    /** CEL: none of those. */
    public static final String FREE_KEYS = "self.all(k, !k.matches('" + TAKEN_KEY + "'))";

    static final String FREE_KEYS_MESSAGE =
            "keys of agentrun.io, kubernetes.io, k8s.io and of container runtimes and network plugins are not for"
                    + " agents: choose a key of your own, such as example.com/team";
    /** CEL: every key is a qualified name. */
    public static final String KEYS =
            "self.all(k, size(k) <= " + Forms.MAX_KEY + " && k.matches('" + Forms.LABEL_KEY + "'))";

    static final String KEYS_MESSAGE = "keys must be qualified names, such as example.com/team";

    /** Empty maps instead of none. */
    public PodMetadata {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }
}
