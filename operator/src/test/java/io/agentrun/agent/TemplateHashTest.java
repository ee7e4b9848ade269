package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateHashTest {
    @Test
    void whatIsStampedHasNotChanged() {
        var written = deployment("minimal");
        assertThat(TemplateHash.changed(deployment("minimal"), written))
                .as("never stamped")
                .isTrue();
        TemplateHash.stamp(written);
        assertThat(TemplateHash.changed(deployment("minimal"), written)).isFalse();
        assertThat(TemplateHash.changed(deployment("tcp-endpoint"), written)).isTrue();
    }

    @Test
    void driftIsNoChangeOfTheWish() {
        var written = deployment("minimal");
        TemplateHash.stamp(written);
        written.getSpec().getTemplate().getSpec().setHostNetwork(true);
        assertThat(TemplateHash.changed(deployment("minimal"), written)).isFalse();
    }

    @Test
    void replicasAreNotPartOfIt() {
        var written = deployment("minimal");
        TemplateHash.stamp(written);
        var more = new DeploymentBuilder(deployment("minimal"))
                .editSpec()
                .withReplicas(7)
                .endSpec()
                .build();
        assertThat(TemplateHash.changed(more, written)).isFalse();
    }

    @Test
    void aCopiedHashStaysTheOldOne() {
        var written = deployment("minimal");
        TemplateHash.stamp(written);
        var waiting = deployment("tcp-endpoint");
        TemplateHash.copy(written, waiting);
        assertThat(TemplateHash.changed(deployment("tcp-endpoint"), waiting)).isTrue();
        assertThat(TemplateHash.changed(deployment("minimal"), waiting)).isFalse();
    }

    @Test
    void otherAnnotationsStay() {
        var written = deployment("minimal");
        written.getMetadata().setAnnotations(Map.of("example.com/a", "b"));
        TemplateHash.stamp(written);
        assertThat(written.getMetadata().getAnnotations())
                .containsEntry("example.com/a", "b")
                .hasSize(2);
    }

    private static Deployment deployment(String golden) {
        return GoldenCase.load(GoldenCase.ROOT.resolve(golden))
                .child(Deployment.class)
                .orElseThrow();
    }
}
