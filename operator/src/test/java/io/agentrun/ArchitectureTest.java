package io.agentrun;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps the operator testable without a cluster: values decide, and only the edges touch the world. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.agentrun");

    /** What renders and reports: a function of values, so that offline rendering and the operator can't differ. */
    private static final String PURE =
            "io[.]agentrun[.]agent[.](Agent(Autoscaler|Config|Container|Deployment|DisruptionBudget|Environment|Gate|"
                    + "NetworkPolicy|Pod|Service|ServiceAccount|Volumes)|Children|Cidr|ForeignPolicies|Hardening|Isolated|"
                    + "LastFailures|Names|Observation|Outcome|Platform|PodProblems|PodWarnings|Problem|ReplicaProblems|Report|"
                    + "StartProblems|TemplateHash)([$].*)?";

    private static final int MOST_LINES = 320;

    @Test
    void theClassesAreSeen() {
        // Every rule below holds of nothing, too.
        assertThat(OURS.contain("io.agentrun.agent.Children")).isTrue();
        assertThat(OURS.contain("io.agentrun.restriction.Effective")).isTrue();
        assertThat(OURS.contain("io.agentrun.api.v1alpha1.AgentSpec")).isTrue();
        assertThat(OURS.stream().filter(type -> type.getName().matches(PURE)).map(type -> type.getSimpleName()))
                .contains("AgentPod", "AgentNetworkPolicy", "Report", "PodProblems", "TemplateHash")
                .hasSizeGreaterThan(28);
    }

    @Test
    void restrictionsArePure() {
        noClasses()
                .that()
                .resideInAPackage("io.agentrun.restriction..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.fabric8.kubernetes.client..")
                        .or(resideInAPackage("io.javaoperatorsdk.."))
                        .or(resideInAPackage("io.agentrun.agent.."))
                        .or(resideInAPackage("io.agentrun.kube..")))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(OURS);
    }

    @Test
    void renderingAndReportingArePure() {
        noClasses()
                .that()
                .haveNameMatching(PURE)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(KubernetesClient.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "io.javaoperatorsdk..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(OURS);
    }

    @Test
    void theApiKnowsNothingOfTheOperator() {
        noClasses()
                .that()
                .resideInAPackage("io.agentrun.api..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.agentrun..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.agentrun.api.."))))
                .check(OURS);
    }

    @Test
    void nobodyEndsTheProcess() {
        noClasses()
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .check(OURS);
    }

    @Test
    void timeIsAValue() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.agentrun.Beans")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(OURS);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(OURS);
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should(holdNothingMutable())
                .check(OURS);
    }

    /** Judged by the value, since {@code Map} says nothing about whether it can be written to. */
    private static ArchCondition<JavaField> holdNothingMutable() {
        return new ArchCondition<>("hold no collection that can be changed") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                var type = field.getRawType();
                if (!type.isAssignableTo(Collection.class) && !type.isAssignableTo(Map.class)) {
                    return;
                }
                var value = value(field);
                if (value != null && !immutable(value)) {
                    events.add(SimpleConditionEvent.violated(
                            field,
                            field.getFullName() + " holds a " + value.getClass().getName()));
                }
            }
        };
    }

    private static boolean immutable(Object collection) {
        var name = collection.getClass().getName();
        return name.startsWith("java.util.ImmutableCollections$")
                || name.startsWith("java.util.Collections$Unmodifiable")
                || name.startsWith("java.util.Collections$Empty");
    }

    private static Object value(JavaField field) {
        var reflected = field.reflect();
        assertThat(Modifier.isStatic(reflected.getModifiers())).isTrue();
        reflected.setAccessible(true);
        try {
            return reflected.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMutableCollectionIsKnownAsOne() {
        assertThat(immutable(new java.util.HashMap<>())).isFalse();
        assertThat(immutable(new java.util.ArrayList<>())).isFalse();
        assertThat(immutable(List.of(1))).isTrue();
    }

    @Test
    void classesAreNamedAfterWhatTheyDo() {
        noClasses()
                .should()
                .haveSimpleNameContaining("Util")
                .orShould()
                .haveSimpleNameContaining("Helper")
                .check(OURS);
    }

    @Test
    void filesStayReadable() {
        var sources = Stream.of("../crds/src/main/java", "src/main/java")
                .flatMap(ArchitectureTest::sources)
                .toList();
        assertThat(sources).hasSizeGreaterThan(90);
        assertThat(sources)
                .allSatisfy(source ->
                        assertThat(lines(source)).as("lines of %s", source).isLessThanOrEqualTo(MOST_LINES));
    }

    private static Stream<Path> sources(String root) {
        try (var tree = Files.walk(Path.of(root))) {
            return tree.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lines(Path source) {
        try {
            return Files.readAllLines(source).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
