/**
 * Who may write: one process at a time, by a Lease, and how the operator starts and ends around it.
 *
 * <p>{@link io.agentrun.leader.Election} decides (pure), {@link io.agentrun.leader.Elector} acts on the decision,
 * {@link io.agentrun.leader.ElectorLoop} gives it threads, {@link io.agentrun.leader.Leadership} is what others see.
 * {@link io.agentrun.leader.WriteFence} refuses every write of a process that does not lead, so that no reconciler has to
 * ask. {@link io.agentrun.leader.OperatorRun} starts the informers, then stands for election, then lets reconcilers run;
 * and it does the reverse within two seconds of SIGTERM.
 *
 * <h2>Why not JOSDK's leader election</h2>
 * JOSDK 5.3.2 can only use Fabric8 7.6.1's elector, which has three faults: it calls back before the write of the Lease is
 * confirmed (kubernetes-client issue 7350); it compares the holder's written {@code renewTime} with its own clock, so a
 * standby whose clock is ahead deposes a live leader; and JOSDK builds it without release, so every hand-over waits for the
 * Lease to run out. Besides, JOSDK ends a deposed leader through {@code System.exit}, which blocks in a shutdown hook. An own
 * elector cures all of that in fewer lines than the workarounds need.
 *
 * <h2>Why it is safe</h2>
 * A leader believes in itself until {@code renewDeadline} after it <em>sent</em> the last renewal that was confirmed. A
 * standby takes over {@code leaseDuration} after it <em>saw</em> the record change, which is later than the sending. Both
 * measure spans by their own monotonic clock; no two clocks are ever compared. As {@code renewDeadline < leaseDuration},
 * the belief ends before the takeover. Every write of the Lease carries the resourceVersion that the decision was based on.
 * A Lease that is missing counts as held by somebody unknown since it was first missed. What remains: clocks that run at
 * different speed (by a third, at the default times); a person who clears the holder by hand, or deletes the Lease twice
 * while a standby is frozen; and a request that left in time but is carried out late, against which children are written
 * with their resourceVersion.
 */
package io.agentrun.leader;
