package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How the agent's pods are shut in. No field can weaken the restricted Pod Security Standard. */
@ValidationRule(value = Isolation.STRICT_SECCOMP, message = Isolation.STRICT_SECCOMP_MESSAGE)
public record Isolation(
        @JsonPropertyDescription(
                "Restricted: the restricted Pod Security Standard, read-only root, no token. Strict: also the shipped seccomp"
                        + " profile, and no Direct egress. Default Restricted.")
        @Default("Restricted")
        IsolationLevel level,

        @JsonPropertyDescription(
                "System calls that are allowed. Default: RuntimeDefault, with level Strict the shipped profile.")
        SecurityProfile seccompProfile,

        @JsonPropertyDescription("AppArmor confinement, on nodes that have it. Default: none asked for.")
        SecurityProfile appArmorProfile,

        @JsonPropertyDescription("RuntimeClass of the pods, such as one for gVisor or Kata. Default: the cluster's.")
        @Size(max = 253)
        @ValidationRule(value = Forms.IS_OBJECT_NAME, message = Forms.OBJECT_NAME_MESSAGE)
        String runtimeClassName,

        @JsonPropertyDescription(
                "Run in a user namespace of its own (hostUsers: false), where node and runtime can. Default false.")
        @Default("false")
        Boolean userNamespace,

        @JsonPropertyDescription(
                "Writable places in memory; everything else of the root file system is read-only. Default /tmp and /var/tmp"
                        + " with 64Mi each.")
        @Default("[{\"path\":\"/tmp\",\"size\":\"64Mi\"},{\"path\":\"/var/tmp\",\"size\":\"64Mi\"}]")
        @Size(max = 8)
        @ListKeys("path")
        List<Scratch> scratch,

        @JsonPropertyDescription(
                "Process limits, lowered by the operator's own wrapper before the agent starts. Needs the default worker image"
                        + " or command. Default: openFiles 1024:2048 and fileSize 10Mi for the default worker image.")
        Ulimits ulimits) {
    /** CEL: Strict keeps a profile that is at least as strict as the shipped one. */
    public static final String STRICT_SECCOMP =
            "self.level != 'Strict' || !has(self.seccompProfile) || self.seccompProfile.type == 'Localhost'";

    static final String STRICT_SECCOMP_MESSAGE =
            "isolation.level Strict needs a Localhost seccomp profile: leave seccompProfile out to get the shipped one,"
                    + " or set type Localhost and localhostProfile";

    /** Fills the defaults. */
    public Isolation {
        level = level == null ? IsolationLevel.Restricted : level;
        userNamespace = userNamespace != null && userNamespace;
        scratch = scratch == null
                ? List.of(Scratch.of("/tmp", "64Mi"), Scratch.of("/var/tmp", "64Mi"))
                : List.copyOf(scratch);
    }
}
