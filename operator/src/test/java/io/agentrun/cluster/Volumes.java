package io.agentrun.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** Storage on the local cluster, which has no storage class: a folder of this machine, which is its node. */
final class Volumes {
    private static final String OWNER = "agentrun.io/test";

    private Volumes() {}

    /** Makes a volume that only this claim of the namespace gets; it goes when the claim does. */
    static void provide(Cluster cluster, String claim) {
        var name = cluster.namespace() + "-" + claim;
        cluster.client()
                .resource(new PersistentVolumeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels(OWNER, cluster.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withCapacity(Map.of("storage", new Quantity("1Gi")))
                        .withAccessModes("ReadWriteOnce")
                        .withPersistentVolumeReclaimPolicy("Retain")
                        .withNewClaimRef()
                        .withNamespace(cluster.namespace())
                        .withName(claim)
                        .endClaimRef()
                        .withNewLocal()
                        .withPath(folder())
                        .endLocal()
                        .withNewNodeAffinity()
                        .withNewRequired()
                        .addNewNodeSelectorTerm()
                        .addNewMatchExpression()
                        .withKey("kubernetes.io/os")
                        .withOperator("Exists")
                        .endMatchExpression()
                        .endNodeSelectorTerm()
                        .endRequired()
                        .endNodeAffinity()
                        .endSpec()
                        .build())
                .create();
    }

    /** Takes away what was provided for the namespace, and what agents wrote there. */
    static void remove(Cluster cluster) {
        var volumes = cluster.client().persistentVolumes().withLabel(OWNER, cluster.namespace());
        for (var volume : volumes.list().getItems()) {
            delete(Path.of(volume.getSpec().getLocal().getPath()));
        }
        volumes.delete();
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String folder() {
        try {
            return Files.createTempDirectory("agentrun-test-volume").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
