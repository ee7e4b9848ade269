/**
 * What limits an agent, as a meet-semilattice: every limit, whoever lays it, is a {@link io.agentrun.restriction.Restriction},
 * and {@code meet} is associative, commutative, idempotent and monotone, so that order never matters and nothing that is added
 * can loosen anything. Pure values only: no client, no clock, no randomness.
 */
package io.agentrun.restriction;
