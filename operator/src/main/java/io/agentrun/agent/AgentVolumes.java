package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.Scratch;
import io.agentrun.restriction.Quantities;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/** What is mounted, and where. */
final class AgentVolumes {
    /** Where the wrapper for ulimits lies in containers of foreign images. */
    static final String WRAPPER_FOLDER = "/agentrun/bin";

    private static final String CONFIG = "agentrun-config";
    private static final String WRAPPER = "agentrun-bin";
    private static final int WORLD_READABLE = 0444;
    private static final int GROUP_READABLE = 0440;

    private AgentVolumes() {}

    static List<Volume> volumes(Agent agent) {
        var spec = agent.getSpec();
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName(CONFIG)
                .withNewConfigMap()
                .withName(Names.child(agent))
                .withDefaultMode(WORLD_READABLE)
                .endConfigMap()
                .build());
        var scratch = spec.isolation().scratch();
        for (int i = 0; i < scratch.size(); i++) {
            volumes.add(memory("scratch-" + i, scratch.get(i)));
        }
        if (AgentContainer.wrapped(spec)) {
            volumes.add(memory(WRAPPER, Scratch.of(WRAPPER_FOLDER, "16Mi")));
        }
        for (var volume : spec.volumes()) {
            volumes.add(volume(volume));
        }
        return volumes;
    }

    private static Volume memory(String name, Scratch scratch) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(Quantities.canonical(scratch.size()))
                .endEmptyDir()
                .build();
    }

    private static Volume volume(io.agentrun.api.v1alpha1.Volume volume) {
        var built = new VolumeBuilder().withName("user-" + volume.name());
        if (volume.claim() != null) {
            return built.withNewPersistentVolumeClaim()
                    .withClaimName(volume.claim())
                    .endPersistentVolumeClaim()
                    .build();
        }
        if (volume.configMap() != null) {
            return built.withNewConfigMap()
                    .withName(volume.configMap())
                    .withDefaultMode(WORLD_READABLE)
                    .endConfigMap()
                    .build();
        }
        return built.withNewSecret()
                .withSecretName(volume.secret())
                .withDefaultMode(GROUP_READABLE)
                .endSecret()
                .build();
    }

    static List<VolumeMount> mounts(Agent agent) {
        var spec = agent.getSpec();
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(mount(CONFIG, AgentConfig.FOLDER, true));
        var scratch = spec.isolation().scratch();
        for (int i = 0; i < scratch.size(); i++) {
            mounts.add(mount("scratch-" + i, scratch.get(i).path(), false));
        }
        if (AgentContainer.wrapped(spec)) {
            mounts.add(wrapperMount(true));
        }
        for (var volume : spec.volumes()) {
            mounts.add(mount("user-" + volume.name(), volume.mountPath(), volume.readOnly()));
        }
        return mounts;
    }

    static VolumeMount wrapperMount(boolean readOnly) {
        return mount(WRAPPER, WRAPPER_FOLDER, readOnly);
    }

    /** Kubernetes leaves {@code readOnly: false} out; writing it would make every comparison fail. */
    private static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }
}
