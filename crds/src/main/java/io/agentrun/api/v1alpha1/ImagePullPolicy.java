package io.agentrun.api.v1alpha1;

/** When the kubelet pulls an image; Kubernetes' own values. */
public enum ImagePullPolicy {
    /** At every start. */
    Always,
    /** When the node has none. */
    IfNotPresent,
    /** Never: the node must have it. */
    Never
}
