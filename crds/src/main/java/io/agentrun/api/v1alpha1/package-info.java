/**
 * The AgentRun API, group {@code agentrun.io}, version {@code v1alpha1}: one record for each object of the schema.
 *
 * <p>A component that is {@code null} was not written and has no default. Every other default stands twice, in the schema
 * ({@code @Default}) and in the record's compact constructor, because offline commands see objects that no API server has
 * defaulted. Rules that span fields are CEL in the schema and are checked again by {@link io.agentrun.api.v1alpha1.AgentRules}.
 */
package io.agentrun.api.v1alpha1;
