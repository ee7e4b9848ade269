/**
 * What an Agent becomes. {@link io.agentrun.agent.Children} turns a wish and its restrictions into the desired objects, one
 * file a child kind and nothing but values in and out; the reconciler observes, applies and reports.
 */
package io.agentrun.agent;
