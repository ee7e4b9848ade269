package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A seccomp or AppArmor profile. {@code Unconfined} does not exist here. */
@ValidationRule(
        value = "(self.type == 'Localhost') == has(self.localhostProfile)",
        message = "localhostProfile goes with type Localhost and only with it: set both, such as type: Localhost and"
                + " localhostProfile: agentrun-worker.json, or write type: RuntimeDefault alone")
public record SecurityProfile(
        @JsonPropertyDescription(
                "RuntimeDefault: the container runtime's own. Localhost: a profile that is on the node.")
        @Required
        SecurityProfileType type,

        @JsonPropertyDescription(
                "Name of the profile on the node: a file below the kubelet's seccomp folder, or a loaded AppArmor profile.")
        @Pattern("^[A-Za-z0-9][A-Za-z0-9._/-]*$")
        @Size(max = 253)
        @ValidationRule(
                value = "!self.contains('..')",
                message = "localhostProfile must not contain '..': name a file below the kubelet's seccomp folder")
        String localhostProfile) {}
