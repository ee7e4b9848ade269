package io.agentrun.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One AI agent: a container image that runs as hardened pods, behind a default-deny network, under every restriction that
 * the platform lays on it. The name is a DNS label of at most 40 characters, since every child is named after it.
 */
@Group(Agent.GROUP)
@Version(Agent.VERSION)
@Plural("agents")
@ShortNames("agt")
@Categories("agentrun")
@ValidationRule(value = Agent.NAME_RULE, message = Agent.NAME_MESSAGE)
@AdditionalPrinterColumn(name = "Mode", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.executionMode")
@AdditionalPrinterColumn(name = "Phase", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Desired", type = AdditionalPrinterColumn.Type.INTEGER, jsonPath = ".spec.replicas")
@AdditionalPrinterColumn(
        name = "Ready",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.readyReplicas")
@AdditionalPrinterColumn(
        name = "Reason",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
        name = "Isolated",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"NetworkIsolated\")].status")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Egress",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.egress.mode",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Image",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.image",
        priority = 1)
public final class Agent extends CustomResource<AgentSpec, AgentStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** API group of every kind of the project. */
    public static final String GROUP = "agentrun.io";
    /** The only served version. */
    public static final String VERSION = "v1alpha1";
    /** Most characters of a name; every child's name is made of it. */
    public static final int MAX_NAME = 40;

    static final String NAME_FORM = "^[a-z]([-a-z0-9]*[a-z0-9])?$";
    static final String NAME_RULE =
            "size(self.metadata.name) <= " + MAX_NAME + " && self.metadata.name.matches('" + NAME_FORM + "')";
    static final String NAME_MESSAGE =
            "metadata.name must be a DNS label of at most 40 characters that begins with a letter, such as"
                    + " support-triage: every child is named after it";
}
