package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Something mounted into the agent. Host paths do not exist here (ledger AR-48). */
@ValidationRule(
        value = "[has(self.claim), has(self.configMap), has(self.secret)].filter(x, x).size() == 1",
        message = "volumes[]: name exactly one of claim, configMap and secret")
@ValidationRule(
        value = "has(self.claim) || self.readOnly",
        message = "volumes[]: a configMap or secret is always read-only: leave readOnly out")
public record Volume(
        @JsonPropertyDescription("Name of the volume, unique in the agent.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(max = 40)
        String name,

        @JsonPropertyDescription("Absolute path in the container.")
        @Required
        @Pattern("^/[A-Za-z0-9._/-]+$")
        @Size(max = 128)
        @ValidationRule(value = Volume.FREE_PATH, message = "volumes[].mountPath " + Volume.FREE_PATH_MESSAGE)
        String mountPath,

        @JsonPropertyDescription("Mount read-only. Default true; false only for a claim.") @Default("true")
        Boolean readOnly,

        @JsonPropertyDescription("Name of a PersistentVolumeClaim in the same namespace.")
        @Pattern(Volume.OBJECT_NAME)
        @Size(max = 253)
        String claim,

        @JsonPropertyDescription("Name of a ConfigMap in the same namespace.")
        @Pattern(Volume.OBJECT_NAME)
        @Size(max = 253)
        String configMap,

        @JsonPropertyDescription(
                "Name of a Secret in the same namespace; each key becomes a file, re-read by the kubelet within a minute or so.")
        @Pattern(Volume.OBJECT_NAME)
        @Size(max = 253)
        String secret) {
    /** The form of an object's name (DNS subdomain). */
    public static final String OBJECT_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
    /** CEL: a path that neither escapes nor covers what the operator, the kubelet or the kernel put there. */
    public static final String FREE_PATH =
            "!self.contains('..') && !self.matches('^/(proc|sys|dev|etc/agentrun|agentrun|"
                    + "var/run/secrets)(/.*)?$') && self != '/etc' && self != '/var' && self != '/var/run'";
    /** What to write instead. */
    public static final String FREE_PATH_MESSAGE =
            "must not contain '..' nor cover /, /proc, /sys, /dev, /etc, /var, /etc/agentrun, /agentrun or /var/run/secrets:"
                    + " choose a path such as /data";

    /** Fills the defaults. */
    public Volume {
        readOnly = readOnly == null || readOnly;
    }
}
