package io.agentrun.api.v1alpha1;

/** The three values of a condition. */
public enum ConditionStatus {
    /** It holds. */
    True,
    /** It does not hold. */
    False,
    /** It can't be told. */
    Unknown
}
