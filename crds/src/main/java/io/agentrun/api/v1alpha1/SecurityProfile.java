package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A seccomp or AppArmor profile. {@code Unconfined} does not exist here. */
@ValidationRule(
        value = SecurityProfile.PROFILE,
        message = "localhostProfile goes with type Localhost and only with it: set both, such as type: Localhost and"
                + " localhostProfile: agentrun-worker.json, or write type: RuntimeDefault alone")
public record SecurityProfile(
        @JsonPropertyDescription(
                "RuntimeDefault: the container runtime's own. Localhost: a profile that is on the node.")
        @Required
        SecurityProfileType type,

        @JsonPropertyDescription(
                "Name of the profile on the node: a file below the kubelet's seccomp folder, or a loaded AppArmor profile.")
        @Size(max = 253)
        @ValidationRule(
                value = SecurityProfile.BELOW,
                message =
                        "must be a path below the kubelet's seccomp folder or the name of an AppArmor profile, without"
                                + " '..', such as agentrun/worker.json")
        String localhostProfile) {
    /** CEL: a name where one is needed, and only there. */
    public static final String PROFILE = "(self.type == 'Localhost') == has(self.localhostProfile)";
    /** What a profile is called. */
    static final String NAME_FORM = "^[A-Za-z0-9][A-Za-z0-9._/-]*$";
    /** CEL: a name that does not climb. */
    public static final String BELOW = "self.matches('" + NAME_FORM + "') && !self.contains('..')";
}
