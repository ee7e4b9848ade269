package io.agentrun.api.v1alpha1;

/** A resource that the autoscaler can follow. */
public enum ScalingMetricType {
    /** Processor time. */
    CPU,
    /** Resident memory. */
    Memory
}
