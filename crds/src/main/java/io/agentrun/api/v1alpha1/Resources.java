package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * Compute resources, any that Kubernetes knows (GPUs too). What is not written comes from the operator's configuration:
 * requests cpu 100m and memory 256Mi, limits cpu 1, memory 512Mi and ephemeral-storage 2Gi.
 */
@ValidationRule(
        value = Resources.WITHIN,
        message = "resources.requests must not be above resources.limits: lower the request or raise the limit")
@ValidationRule(
        value = Resources.NO_OVERCOMMIT,
        message = "resources.requests of anything but cpu, memory and ephemeral-storage must equal its limit: write it"
                + " under limits alone, such as limits: {nvidia.com/gpu: 1}")
public record Resources(
        @JsonPropertyDescription("What the scheduler sets aside for each replica.")
        @Size(max = 8)
        @ValidationRule(value = Resources.AMOUNTS, message = Resources.AMOUNTS_MESSAGE)
        @ValidationRule(value = Resources.BYTES, message = Resources.BYTES_MESSAGE)
        @ValidationRule(value = Resources.WHOLE, message = Resources.WHOLE_MESSAGE)
        @ValidationRule(value = Resources.NAMES, message = Resources.NAMES_MESSAGE)
        Map<String, Quantity> requests,

        @JsonPropertyDescription(
                "What a replica may use at most. Memory scratch and /dev/shm are added to the memory limit, so that a full"
                        + " scratch never kills the agent.")
        @Size(max = 8)
        @ValidationRule(value = Resources.AMOUNTS, message = Resources.AMOUNTS_MESSAGE)
        @ValidationRule(value = Resources.BYTES, message = Resources.BYTES_MESSAGE)
        @ValidationRule(value = Resources.WHOLE, message = Resources.WHOLE_MESSAGE)
        @ValidationRule(value = Resources.NAMES, message = Resources.NAMES_MESSAGE)
        Map<String, Quantity> limits) {
    /** CEL: every value is a quantity between 1m and 1Pi. */
    public static final String AMOUNTS = "self.all(k, [string(self[k])].all(s, s.matches('" + Forms.QUANTITY
            + "') && quantity(s).compareTo(quantity('1m')) >= 0 && quantity(s).compareTo(quantity('1Pi')) <= 0))";

    static final String AMOUNTS_MESSAGE =
            "each value must be a quantity between 1m and 1Pi, such as cpu: 500m or memory: 512Mi";
    /** CEL: bytes come in useful numbers. */
    public static final String BYTES = "self.all(k, !(k in ['memory', 'ephemeral-storage']) || [string(self[k])].all(s,"
            + " !s.matches('" + Forms.QUANTITY + "') || quantity(s).compareTo(quantity('1Mi')) >= 0))";

    static final String BYTES_MESSAGE =
            "memory and ephemeral-storage are numbers of bytes, at least 1Mi: write memory: 512Mi (512m is half a byte)";
    /** CEL: devices can't be halved. */
    public static final String WHOLE = "self.all(k, !k.contains('/') || [string(self[k])].all(s, !s.matches('"
            + Forms.QUANTITY + "') || s.matches('^[0-9]+$')))";

    static final String WHOLE_MESSAGE = "devices come in whole numbers, such as nvidia.com/gpu: 1";
    /** What a resource of a container is called. */
    static final String NAME_FORM =
            "^(cpu|memory|ephemeral-storage|hugepages-[1-9][0-9]*(Ki|Mi|Gi)|[a-z0-9]([-a-z0-9.]*[a-z0-9])?/"
                    + "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$";
    /** CEL: every key is a resource of a container. */
    public static final String NAMES = "self.all(k, size(k) <= " + Forms.MAX_KEY + " && k.matches('" + NAME_FORM
            + "') && !k.startsWith('requests.'))";

    static final String NAMES_MESSAGE =
            "each key must be cpu, memory, ephemeral-storage, hugepages-<size> or a device such as nvidia.com/gpu";
    /** CEL: no request is above its limit. */
    public static final String WITHIN = "!has(self.requests) || !has(self.limits) || self.requests.all(k,"
            + " !(k in self.limits) || [string(self.requests[k])].all(r, [string(self.limits[k])].all(l,"
            + " !r.matches('" + Forms.QUANTITY + "') || !l.matches('" + Forms.QUANTITY
            + "') || quantity(r).compareTo(quantity(l)) <= 0)))";
    /** CEL: what can't be overcommitted is requested as it is limited. */
    public static final String NO_OVERCOMMIT = "!has(self.requests) || self.requests.all(k,"
            + " k in ['cpu', 'memory', 'ephemeral-storage'] || (has(self.limits) && k in self.limits &&"
            + " string(self.requests[k]) == string(self.limits[k])))";

    /** Empty maps instead of none. */
    public Resources {
        requests = requests == null ? Map.of() : Map.copyOf(requests);
        limits = limits == null ? Map.of() : Map.copyOf(limits);
    }
}
