package io.agentrun.api.v1alpha1;

/** What the scheduler does with a replica that would break the spread. */
public enum WhenUnsatisfiable {
    /** It waits. */
    DoNotSchedule,
    /** It runs all the same. */
    ScheduleAnyway
}
